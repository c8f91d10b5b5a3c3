//! SQL expressions as a program builds them with SQLAlchemy's expression language.

use schemaward_catalog::Origin;

use super::{Sequence, SqlType};
use crate::text::Text;

/// A SQL expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Clause {
    /// What it is.
    pub(crate) kind: ClauseKind,
    /// Where the program builds it.
    pub(crate) origin: Origin,
}

/// What a SQL expression is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ClauseKind {
    /// `text("…")`, and strings where SQLAlchemy expects SQL.
    Text(Text),
    /// `literal_column("…")`: text that counts as a column.
    LiteralColumn(Text),
    /// A column, by its key in the table at hand; `column("…")`.
    Column {
        /// Its key.
        key: Text,
        /// Its type, as far as it is known.
        sql_type: Option<SqlType>,
        /// Whether it belongs to a table (`users.c.id`), whose name some places write before it.
        of_table: bool,
    },
    /// A value of Python's, as SQL writes it.
    Literal(Literal),
    /// `null()`.
    Null,
    /// `true()`.
    True,
    /// `false()`.
    False,
    /// `func.name(…)`, `func.schema.name(…)`.
    Function {
        /// Its name, after the packages it is in.
        name: Vec<Text>,
        /// Its arguments.
        arguments: Vec<Clause>,
    },
    /// Two operands and an operator.
    Binary {
        /// Left of it.
        left: Box<Clause>,
        /// The operator.
        operator: Operator,
        /// Right of it.
        right: Box<Clause>,
    },
    /// `a AND b AND c`, `a OR b OR c`, `a || b || c`: operands of one operator.
    Chain {
        /// The operator.
        operator: Operator,
        /// The operands.
        clauses: Vec<Clause>,
    },
    /// An operator before its operand: `NOT a`, `-a`, `DISTINCT a`.
    Unary {
        /// The operator.
        operator: Operator,
        /// The operand.
        operand: Box<Clause>,
    },
    /// An operator after its operand: `a DESC`, `a NULLS LAST`.
    Modifier {
        /// The operator.
        operator: Operator,
        /// The operand.
        operand: Box<Clause>,
    },
    /// A boolean that stands where a condition is expected: `a`, `NOT a`.
    AsBoolean {
        /// The operand.
        operand: Box<Clause>,
        /// Whether it is to be false.
        negated: bool,
    },
    /// The list after `IN`.
    List(Vec<Clause>),
    /// The bounds after `BETWEEN`.
    Bounds(Box<Clause>, Box<Clause>),
    /// `tuple_(…)`.
    Tuple(Vec<Clause>),
    /// `cast(x, T)`.
    Cast {
        /// What.
        operand: Box<Clause>,
        /// To which type.
        sql_type: Box<SqlType>,
    },
    /// `type_coerce(x, T)`, which leaves no trace in SQL.
    TypeCoerce {
        /// What.
        operand: Box<Clause>,
        /// As which type.
        sql_type: Box<SqlType>,
    },
    /// `extract("year", x)`.
    Extract {
        /// Which field.
        field: Text,
        /// Of what.
        operand: Box<Clause>,
    },
    /// `case((condition, value), …, else_=…)`.
    Case {
        /// What is compared, if anything is.
        value: Option<Box<Clause>>,
        /// Conditions and results.
        whens: Vec<(Clause, Clause)>,
        /// `else_=`.
        otherwise: Option<Box<Clause>>,
    },
    /// `x.collate("…")`.
    Collate {
        /// What.
        operand: Box<Clause>,
        /// By which collation.
        collation: Text,
    },
    /// `postgresql.array([…])`.
    Array {
        /// Its elements.
        elements: Vec<Clause>,
        /// `type_=`, of the elements.
        item: Option<Box<SqlType>>,
    },
    /// `x[…]`.
    Subscript {
        /// Of what.
        operand: Box<Clause>,
        /// Which element.
        index: Box<Clause>,
        /// `.astext`, `.as_string()`: the element as text.
        as_text: bool,
    },
    /// `any_(x)`, `all_(x)`.
    Quantified {
        /// `ANY` or `ALL`.
        quantifier: &'static str,
        /// Of what.
        operand: Box<Clause>,
    },
    /// `x.label("…")`.
    Label {
        /// The label.
        name: Text,
        /// Of what.
        operand: Box<Clause>,
    },
    /// What the program put into parentheses with `.self_group()`.
    Grouping(Box<Clause>),
    /// `sequence.next_value()`.
    NextValue(Sequence),
    /// What could not be evaluated; SQL cannot be made of it.
    Unknown,
}

/// A value of Python's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// `42`.
    Integer(Text),
    /// `4.2`, `Decimal("4.20")`, as `str()` writes it.
    Number(Text),
    /// `"…"`, a member of an enumeration by what SQLAlchemy stores, dates in ISO form.
    Text(Text),
}

/// What kind of value an expression has, as far as SQLAlchemy's own operators ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affinity {
    /// Unknown.
    Null,
    /// True or false.
    Boolean,
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Another number.
    Numeric,
    /// `JSON`, `JSONB`.
    Json,
    /// An array.
    Array,
    /// Anything else.
    Other,
}

/// SQLAlchemy's operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `AND`.
    And,
    /// `OR`.
    Or,
    /// `NOT`.
    Not,
    /// `=`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `IS`.
    Is,
    /// `IS NOT`.
    IsNot,
    /// `IS DISTINCT FROM`.
    IsDistinctFrom,
    /// `IS NOT DISTINCT FROM`.
    IsNotDistinctFrom,
    /// `IN`.
    In,
    /// `NOT IN`.
    NotIn,
    /// `LIKE`, with its escape character.
    Like(Option<Text>),
    /// `NOT LIKE`.
    NotLike(Option<Text>),
    /// `ILIKE`.
    Ilike(Option<Text>),
    /// `NOT ILIKE`.
    NotIlike(Option<Text>),
    /// `BETWEEN`.
    Between {
        /// `symmetric=True`.
        symmetric: bool,
    },
    /// `NOT BETWEEN`.
    NotBetween {
        /// `symmetric=True`.
        symmetric: bool,
    },
    /// `regexp_match()`, with its flags.
    RegexpMatch(Option<Text>),
    /// Not `regexp_match()`.
    NotRegexpMatch(Option<Text>),
    /// `+`.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    TrueDiv,
    /// `//`.
    FloorDiv,
    /// `%`.
    Mod,
    /// `-` before its operand.
    Neg,
    /// `||`.
    Concat,
    /// `&`.
    BitwiseAnd,
    /// `|`.
    BitwiseOr,
    /// `#`.
    BitwiseXor,
    /// `<<`.
    BitwiseShiftLeft,
    /// `>>`.
    BitwiseShiftRight,
    /// `~` before its operand.
    BitwiseNot,
    /// `DISTINCT`.
    Distinct,
    /// `DESC`.
    Desc,
    /// `ASC`.
    Asc,
    /// `NULLS FIRST`.
    NullsFirst,
    /// `NULLS LAST`.
    NullsLast,
    /// `op("…")`, and what PostgreSQL's types add: `@>`, `&&`.
    Custom {
        /// As SQL writes it.
        symbol: Text,
        /// `precedence=`.
        precedence: i64,
        /// `is_comparison=True`, `bool_op()`: its result is a boolean.
        comparison: bool,
    },
}
