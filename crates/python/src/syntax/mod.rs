//! Python as a tree of our own, and the one place that knows whose parser made it.
//!
//! Ruff's crates promise no stability; everything else in this crate sees the types below. They
//! hold what evaluating needs and nothing of layout, and string literals keep, piece by piece, where
//! their bytes stand in the source.

mod convert;
mod guard;
mod string;

use std::rc::Rc;

use schemaward_catalog::Span;

pub(crate) use convert::{parse_expression, parse_module};

/// A file of Python.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Its statements, as far as it could be read.
    pub(crate) body: Vec<Stmt>,
    /// What of it is no Python, in order.
    pub(crate) errors: Vec<SyntaxError>,
}

/// A place that could not be read, and why.
#[derive(Clone, Debug)]
pub(crate) struct SyntaxError {
    pub(crate) message: String,
    pub(crate) span: Span,
}

/// A statement.
#[derive(Debug)]
pub(crate) struct Stmt {
    pub(crate) kind: StmtKind,
    pub(crate) span: Span,
}

/// What a statement does.
#[derive(Debug)]
pub(crate) enum StmtKind {
    Expr(Expr),
    /// `a = b = value`.
    Assign(Vec<Expr>, Expr),
    AugAssign(Expr, BinaryOp, Expr),
    AnnAssign {
        target: Expr,
        annotation: Rc<Expr>,
        value: Option<Expr>,
    },
    FunctionDef(Rc<FunctionDef>),
    ClassDef(Rc<ClassDef>),
    Return(Option<Expr>),
    Delete(Vec<Expr>),
    For {
        target: Expr,
        iter: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    While {
        test: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    /// The conditions in order, each with its body, and the body of `else`.
    If(Vec<(Expr, Vec<Stmt>)>, Vec<Stmt>),
    With(Vec<(Expr, Option<Expr>)>, Vec<Stmt>),
    Match(Expr, Vec<Case>),
    Raise(Option<Expr>),
    Try {
        body: Vec<Stmt>,
        handlers: Vec<Handler>,
        orelse: Vec<Stmt>,
        finally: Vec<Stmt>,
    },
    Assert,
    Import(Vec<Alias>),
    ImportFrom {
        module: String,
        level: u32,
        names: Vec<Alias>,
    },
    /// `global` and `nonlocal`.
    Outer(Vec<String>),
    TypeAlias(Expr, Rc<Expr>),
    Pass,
    Break,
    Continue,
    /// Something that is no statement of a program (a notebook's escape).
    Other,
}

/// One `case` of a `match`.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) pattern: Pattern,
    pub(crate) guard: Option<Expr>,
    pub(crate) body: Vec<Stmt>,
}

/// A pattern of a `case`, as far as they are evaluated.
#[derive(Debug)]
pub(crate) enum Pattern {
    Value(Expr),
    Or(Vec<Pattern>),
    /// `_` or a name that takes what is there.
    Capture(Option<String>),
    Sequence(Vec<Pattern>),
    Other,
}

/// An `except` clause.
#[derive(Debug)]
pub(crate) struct Handler {
    pub(crate) kind: Option<Expr>,
    pub(crate) name: Option<String>,
    pub(crate) body: Vec<Stmt>,
}

/// A name that an import binds.
#[derive(Debug)]
pub(crate) struct Alias {
    pub(crate) name: String,
    pub(crate) as_name: Option<String>,
    pub(crate) span: Span,
}

/// A function or a lambda.
#[derive(Debug)]
pub(crate) struct FunctionDef {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) body: Vec<Stmt>,
    /// The annotation of what it returns.
    pub(crate) returns: Option<Rc<Expr>>,
    /// Whether its body yields, so that a call makes a generator.
    pub(crate) generator: bool,
}

/// One parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) kind: ParameterKind,
    pub(crate) default: Option<Expr>,
}

/// How a parameter takes its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterKind {
    Positional,
    Any,
    KeywordOnly,
    Rest,
    KeywordRest,
}

/// A class.
#[derive(Debug)]
pub(crate) struct ClassDef {
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) span: Span,
}

/// An expression.
#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) span: Span,
}

impl Expr {
    /// What an assignment to it assigns to: itself, or the items of a tuple.
    pub(crate) fn parts(&self) -> &[Self] {
        match &self.kind {
            ExprKind::Tuple(items) | ExprKind::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }
}

/// What an expression is.
#[derive(Debug)]
pub(crate) enum ExprKind {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    /// A number that is no 64-bit integer: as it is written, and its value where a float holds it.
    Number(String, Option<f64>),
    Str(Vec<StringPart>),
    Bytes(Vec<u8>),
    FString(Vec<FormatPart>),
    Name(String),
    Attribute(Box<Expr>, String),
    Subscript(Box<Expr>, Box<Expr>),
    Slice(Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
    Call(Box<Expr>, Vec<Argument>),
    /// Operators that group to the left: the first operand, and each further one with its operator.
    Binary(Box<Expr>, Vec<(BinaryOp, Expr)>),
    Unary(UnaryOp, Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    /// `body if test else orelse`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Lambda(Rc<FunctionDef>),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Set(Vec<Expr>),
    /// Keys with values; without a key, `**value`.
    Dict(Vec<(Option<Expr>, Expr)>),
    Comprehension(Box<Comprehension>),
    Named(String, Box<Expr>),
    Starred(Box<Expr>),
    Await(Box<Expr>),
    Yield(Option<Box<Expr>>),
    /// Something that could not be read, and why.
    Unread(&'static str),
}

/// A comprehension or generator expression.
#[derive(Debug)]
pub(crate) struct Comprehension {
    pub(crate) kind: ComprehensionKind,
    pub(crate) element: Expr,
    /// The value, where the element is a key.
    pub(crate) value: Option<Expr>,
    pub(crate) clauses: Vec<ComprehensionClause>,
}

/// What a comprehension makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

/// `for target in iter if …`.
#[derive(Debug)]
pub(crate) struct ComprehensionClause {
    pub(crate) target: Expr,
    pub(crate) iter: Expr,
    pub(crate) conditions: Vec<Expr>,
}

/// An argument of a call or a class statement.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) kind: ArgumentKind,
    pub(crate) value: Expr,
}

/// How an argument is passed.
#[derive(Debug)]
pub(crate) enum ArgumentKind {
    Positional,
    Keyword(String),
    /// `*value`.
    Rest,
    /// `**value`.
    KeywordRest,
}

/// A piece of a string literal: its value, and where it stands, byte by byte if `verbatim`.
#[derive(Debug)]
pub(crate) struct StringPart {
    pub(crate) value: String,
    pub(crate) span: Span,
    pub(crate) verbatim: bool,
}

/// A piece of an f-string.
#[derive(Debug)]
pub(crate) enum FormatPart {
    Literal(StringPart),
    /// `{value!r:format}`.
    Value {
        value: Expr,
        conversion: Option<char>,
        format: Option<Vec<FormatPart>>,
        /// The text of `{value=}`.
        debug: Option<String>,
    },
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LeftShift,
    RightShift,
    BitOr,
    BitXor,
    BitAnd,
}

/// A unary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Not,
    Minus,
    Plus,
    Invert,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompareOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}
