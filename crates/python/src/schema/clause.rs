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
        /// Which element; a path is a literal as PostgreSQL writes it, `{a, b}`.
        index: Box<Clause>,
        /// How.
        style: Subscript,
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

/// How an element is taken out of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subscript {
    /// An array's element.
    Array,
    /// An element of JSON.
    Element,
    /// `.astext`: an element of JSON as text.
    Text,
    /// What lies at a path in JSON.
    Path,
    /// `.astext` of a path.
    PathText,
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
    /// `LIKE`, of `startswith()` and its kin.
    Pattern,
    /// `NOT LIKE`, of `startswith()` and its kin.
    NotPattern,
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

impl Clause {
    /// An expression built at a place.
    pub(crate) fn new(kind: ClauseKind, origin: Origin) -> Self {
        Self { kind, origin }
    }

    /// `text("…")`.
    pub(crate) fn text(text: Text, origin: Origin) -> Self {
        Self::new(ClauseKind::Text(text), origin)
    }

    /// A column of a table, by its key.
    pub(crate) fn column(key: Text, sql_type: Option<SqlType>, origin: Origin) -> Self {
        Self::new(ClauseKind::Column { key, sql_type, of_table: true }, origin)
    }

    /// A value of Python's where an expression is expected.
    pub(crate) fn literal(literal: Literal, origin: Origin) -> Self {
        Self::new(ClauseKind::Literal(literal), origin)
    }

    /// `func.name(…)`.
    pub(crate) fn function(name: Vec<Text>, arguments: Vec<Self>, origin: Origin) -> Self {
        Self::new(ClauseKind::Function { name, arguments }, origin)
    }

    /// What kind of value it has.
    pub(crate) fn affinity(&self) -> Affinity {
        match &self.kind {
            ClauseKind::Column { sql_type, .. } => {
                sql_type.as_ref().map_or(Affinity::Null, SqlType::affinity)
            }
            ClauseKind::Literal(literal) => match literal {
                Literal::None => Affinity::Null,
                Literal::Bool(_) => Affinity::Boolean,
                Literal::Integer(_) => Affinity::Integer,
                Literal::Number(_) => Affinity::Numeric,
                Literal::Text(_) => Affinity::String,
            },
            ClauseKind::True | ClauseKind::False | ClauseKind::AsBoolean { .. } => {
                Affinity::Boolean
            }
            ClauseKind::Function { name, arguments } => {
                match name.last().map(|name| name.as_str().to_ascii_lowercase()).as_deref() {
                    Some("concat" | "aggregate_strings") => Affinity::String,
                    Some("count" | "char_length") => Affinity::Integer,
                    Some("coalesce" | "max" | "min" | "sum") => {
                        arguments.first().map_or(Affinity::Null, Self::affinity)
                    }
                    Some("now" | "current_timestamp" | "current_date" | "current_time") => {
                        Affinity::Other
                    }
                    _ => Affinity::Null,
                }
            }
            ClauseKind::Binary { operator, left, .. } => {
                if operator.is_comparison() {
                    Affinity::Boolean
                } else {
                    left.affinity()
                }
            }
            ClauseKind::Chain { operator: Operator::And | Operator::Or, .. } => Affinity::Boolean,
            ClauseKind::Chain { clauses, .. } => {
                clauses.first().map_or(Affinity::Null, Self::affinity)
            }
            ClauseKind::Unary { operator, operand } if *operator != Operator::Not => {
                operand.affinity()
            }
            ClauseKind::Collate { operand, .. }
            | ClauseKind::Label { operand, .. }
            | ClauseKind::Grouping(operand) => operand.affinity(),
            ClauseKind::Cast { sql_type, .. } | ClauseKind::TypeCoerce { sql_type, .. } => {
                sql_type.affinity()
            }
            ClauseKind::Extract { .. } | ClauseKind::NextValue(_) => Affinity::Integer,
            ClauseKind::Case { whens, otherwise, .. } => {
                let result = whens.first().map(|(_, result)| result).or(otherwise.as_deref());
                result.map_or(Affinity::Null, Self::affinity)
            }
            ClauseKind::Array { .. } => Affinity::Array,
            ClauseKind::Subscript { style, .. } => match style {
                Subscript::Text | Subscript::PathText => Affinity::String,
                Subscript::Element | Subscript::Path => Affinity::Json,
                Subscript::Array => Affinity::Null,
            },
            ClauseKind::Text(_)
            | ClauseKind::LiteralColumn(_)
            | ClauseKind::Null
            | ClauseKind::Unary { .. }
            | ClauseKind::Modifier { .. }
            | ClauseKind::List(_)
            | ClauseKind::Bounds(..)
            | ClauseKind::Tuple(_)
            | ClauseKind::Quantified { .. }
            | ClauseKind::Unknown => Affinity::Null,
        }
    }

    /// `left == right`, `left < right` and their kin. `None` makes `IS NULL`, `True` and `False`
    /// constants of SQL.
    pub(crate) fn compare(left: Self, operator: Operator, right: Self, origin: Origin) -> Self {
        let right_origin = right.origin;
        let constant = match &right.kind {
            ClauseKind::Null | ClauseKind::Literal(Literal::None) => Some(ClauseKind::Null),
            ClauseKind::True | ClauseKind::Literal(Literal::Bool(true)) => Some(ClauseKind::True),
            ClauseKind::False | ClauseKind::Literal(Literal::Bool(false)) => {
                Some(ClauseKind::False)
            }
            _ => None,
        };
        let (operator, right) = match constant {
            Some(constant) => {
                let operator = match (operator, &constant) {
                    (Operator::Eq, ClauseKind::Null) => Operator::Is,
                    (Operator::Ne, ClauseKind::Null) => Operator::IsNot,
                    (operator, _) => operator,
                };
                (operator, Self::new(constant, right_origin))
            }
            None => (operator, right),
        };
        // `ANY` and `ALL` stand on the right, whatever side Python had them on.
        if matches!(left.kind, ClauseKind::Quantified { .. }) {
            return Self::binary(right, operator.mirrored(), left, origin);
        }
        Self::binary(left, operator, right, origin)
    }

    /// `left + right` and the other operators that make a value; text is concatenated.
    pub(crate) fn operate(left: Self, operator: Operator, right: Self, origin: Origin) -> Self {
        let concatenates = |affinity| matches!(affinity, Affinity::String | Affinity::Array);
        let (first, second) = (left.affinity(), right.affinity());
        let operator = match operator {
            Operator::Add
                if (concatenates(first) && (concatenates(second) || second == Affinity::Null))
                    || (first == Affinity::Null && concatenates(second)) =>
            {
                Operator::Concat
            }
            operator => operator,
        };
        if !matches!(operator, Operator::Add | Operator::Mul | Operator::Concat) {
            return Self::binary(left, operator, right, origin);
        }
        let mut clauses = left.operands_of(&operator);
        clauses.extend(right.operands_of(&operator));
        Self::new(ClauseKind::Chain { operator, clauses }, origin)
    }

    /// The operands, where the expression is of that operator already.
    fn operands_of(self, operator: &Operator) -> Vec<Self> {
        match self.kind {
            ClauseKind::Chain { operator: own, clauses } if own == *operator => clauses,
            kind => vec![Self { kind, origin: self.origin }],
        }
    }

    fn binary(left: Self, operator: Operator, right: Self, origin: Origin) -> Self {
        let kind = ClauseKind::Binary { left: Box::new(left), operator, right: Box::new(right) };
        Self::new(kind, origin)
    }

    /// `and_(…)`, `a & b`.
    pub(crate) fn and(clauses: Vec<Self>, origin: Origin) -> Self {
        Self::conjunction(Operator::And, clauses, origin)
    }

    /// `or_(…)`, `a | b`.
    pub(crate) fn or(clauses: Vec<Self>, origin: Origin) -> Self {
        Self::conjunction(Operator::Or, clauses, origin)
    }

    fn conjunction(operator: Operator, clauses: Vec<Self>, origin: Origin) -> Self {
        let neutral = operator == Operator::And;
        let mut kept = Vec::new();
        let mut constant = None;
        for clause in clauses {
            let truth = match &clause.kind {
                ClauseKind::True | ClauseKind::Literal(Literal::Bool(true)) => Some(true),
                ClauseKind::False | ClauseKind::Literal(Literal::Bool(false)) => Some(false),
                _ => None,
            };
            match truth {
                Some(truth) => {
                    let kind = if truth { ClauseKind::True } else { ClauseKind::False };
                    let clause = Self::new(kind, clause.origin);
                    if truth != neutral {
                        return clause;
                    }
                    constant = Some(clause);
                }
                None => kept.push(clause),
            }
        }
        if kept.len() < 2 {
            let kind = if neutral { ClauseKind::True } else { ClauseKind::False };
            return kept.pop().or(constant).unwrap_or_else(|| Self::new(kind, origin));
        }
        let clauses = kept.into_iter().flat_map(|clause| clause.operands_of(&operator)).collect();
        Self::new(ClauseKind::Chain { operator, clauses }, origin)
    }

    /// `not_(x)`, `~x`.
    pub(crate) fn negate(self, origin: Origin) -> Self {
        let of_clause = self.origin;
        let boolean = self.affinity() == Affinity::Boolean;
        match self.kind {
            ClauseKind::True => Self::new(ClauseKind::False, origin),
            ClauseKind::False => Self::new(ClauseKind::True, origin),
            ClauseKind::AsBoolean { operand, negated } => {
                Self::new(ClauseKind::AsBoolean { operand, negated: !negated }, origin)
            }
            ClauseKind::Label { name, operand } => {
                let operand = Box::new(operand.negate(origin));
                Self::new(ClauseKind::Label { name, operand }, of_clause)
            }
            ClauseKind::Binary { left, operator, right }
                if operator.negated().is_some()
                    && !matches!(right.kind, ClauseKind::Quantified { .. }) =>
            {
                let operator = operator.negated().unwrap_or(operator);
                Self::new(ClauseKind::Binary { left, operator, right }, origin)
            }
            kind @ ClauseKind::Binary { .. } => {
                let grouped = ClauseKind::Grouping(Box::new(Self::new(kind, of_clause)));
                let operand = Box::new(Self::new(grouped, of_clause));
                Self::new(ClauseKind::AsBoolean { operand, negated: true }, origin)
            }
            kind @ (ClauseKind::Chain { .. } | ClauseKind::Unary { .. }) => {
                let operand = Box::new(Self::new(kind, of_clause));
                Self::new(ClauseKind::Unary { operator: Operator::Not, operand }, origin)
            }
            kind if boolean => {
                let operand = Box::new(Self::new(kind, of_clause));
                Self::new(ClauseKind::AsBoolean { operand, negated: true }, origin)
            }
            kind => {
                let operand = Box::new(Self::new(kind, of_clause));
                Self::new(ClauseKind::Unary { operator: Operator::Not, operand }, origin)
            }
        }
    }

    /// `x.in_([…])`.
    pub(crate) fn among(self, values: Vec<Self>, origin: Origin) -> Self {
        let list = Self::new(ClauseKind::List(values), origin);
        Self::binary(self, Operator::In, list, origin)
    }

    /// `x.between(low, high)`.
    pub(crate) fn between(self, low: Self, high: Self, symmetric: bool, origin: Origin) -> Self {
        let bounds = Self::new(ClauseKind::Bounds(Box::new(low), Box::new(high)), origin);
        Self::binary(self, Operator::Between { symmetric }, bounds, origin)
    }

    /// `x.startswith("…")` and its kin: a pattern with `%` before or after.
    pub(crate) fn matches(self, value: Self, before: bool, after: bool, origin: Origin) -> Self {
        let percent = || Self::new(ClauseKind::LiteralColumn("'%'".into()), origin);
        let mut clauses = Vec::new();
        if before {
            clauses.push(percent());
        }
        clauses.push(value);
        if after {
            clauses.push(percent());
        }
        let pattern = ClauseKind::Chain { operator: Operator::Concat, clauses };
        Self::binary(self, Operator::Pattern, Self::new(pattern, origin), origin)
    }

    /// `x.desc()`, `nulls_last(x)` and their kin.
    pub(crate) fn modified(self, operator: Operator, origin: Origin) -> Self {
        Self::new(ClauseKind::Modifier { operator, operand: Box::new(self) }, origin)
    }

    /// Calls back with the key of each column of a table that it names, in order.
    pub(crate) fn columns<'a>(&'a self, found: &mut impl FnMut(&'a str)) {
        let mut rest = vec![self];
        while let Some(clause) = rest.pop() {
            if let ClauseKind::Column { key, of_table: true, .. } = &clause.kind {
                found(key.as_str());
            }
            let from = rest.len();
            clause.parts(&mut rest);
            rest.get_mut(from..).unwrap_or_default().reverse();
        }
    }

    /// The expressions it is made of.
    fn parts<'a>(&'a self, parts: &mut Vec<&'a Self>) {
        match &self.kind {
            ClauseKind::Text(_)
            | ClauseKind::LiteralColumn(_)
            | ClauseKind::Column { .. }
            | ClauseKind::Literal(_)
            | ClauseKind::Null
            | ClauseKind::True
            | ClauseKind::False
            | ClauseKind::NextValue(_)
            | ClauseKind::Unknown => {}
            ClauseKind::Function { arguments: clauses, .. }
            | ClauseKind::Chain { clauses, .. }
            | ClauseKind::List(clauses)
            | ClauseKind::Tuple(clauses)
            | ClauseKind::Array { elements: clauses, .. } => parts.extend(clauses),
            ClauseKind::Binary { left, right, .. } | ClauseKind::Bounds(left, right) => {
                parts.extend([&**left, right]);
            }
            ClauseKind::Subscript { operand, index, .. } => parts.extend([&**operand, index]),
            ClauseKind::Unary { operand, .. }
            | ClauseKind::Modifier { operand, .. }
            | ClauseKind::AsBoolean { operand, .. }
            | ClauseKind::Cast { operand, .. }
            | ClauseKind::TypeCoerce { operand, .. }
            | ClauseKind::Extract { operand, .. }
            | ClauseKind::Collate { operand, .. }
            | ClauseKind::Quantified { operand, .. }
            | ClauseKind::Label { operand, .. }
            | ClauseKind::Grouping(operand) => parts.push(operand),
            ClauseKind::Case { value, whens, otherwise } => {
                parts.extend(value.as_deref());
                parts.extend(whens.iter().flat_map(|(when, then)| [when, then]));
                parts.extend(otherwise.as_deref());
            }
        }
    }
}

impl Operator {
    /// How strongly it binds, as SQLAlchemy has it.
    pub(crate) fn precedence(&self) -> i64 {
        match self {
            Self::Mul
            | Self::TrueDiv
            | Self::FloorDiv
            | Self::Mod
            | Self::Neg
            | Self::BitwiseNot => 8,
            Self::Add
            | Self::Sub
            | Self::BitwiseAnd
            | Self::BitwiseOr
            | Self::BitwiseXor
            | Self::BitwiseShiftLeft
            | Self::BitwiseShiftRight => 7,
            Self::And | Self::Desc | Self::Asc => 3,
            Self::Or => 2,
            // These two are not in SQLAlchemy's table, where what is missing binds least.
            Self::NullsFirst | Self::NullsLast => -100,
            Self::Custom { precedence, .. } => *precedence,
            _ => 5,
        }
    }

    /// Whether its result is a condition.
    pub(crate) fn is_comparison(&self) -> bool {
        match self {
            Self::Eq
            | Self::Ne
            | Self::Lt
            | Self::Le
            | Self::Gt
            | Self::Ge
            | Self::Is
            | Self::IsNot
            | Self::IsDistinctFrom
            | Self::IsNotDistinctFrom
            | Self::In
            | Self::NotIn
            | Self::Like(_)
            | Self::NotLike(_)
            | Self::Ilike(_)
            | Self::NotIlike(_)
            | Self::Pattern
            | Self::NotPattern
            | Self::Between { .. }
            | Self::NotBetween { .. }
            | Self::RegexpMatch(_)
            | Self::NotRegexpMatch(_) => true,
            Self::Custom { comparison, .. } => *comparison,
            _ => false,
        }
    }

    /// Whether several of it in a row need no parentheses.
    pub(crate) fn is_associative(&self) -> bool {
        matches!(self, Self::And | Self::Or | Self::Concat | Self::Add | Self::Mul)
    }

    /// The operator that is true where this one is false.
    fn negated(&self) -> Option<Self> {
        Some(match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Ge => Self::Lt,
            Self::Gt => Self::Le,
            Self::Le => Self::Gt,
            Self::Is => Self::IsNot,
            Self::IsNot => Self::Is,
            Self::IsDistinctFrom => Self::IsNotDistinctFrom,
            Self::IsNotDistinctFrom => Self::IsDistinctFrom,
            Self::In => Self::NotIn,
            Self::NotIn => Self::In,
            Self::Like(escape) => Self::NotLike(escape.clone()),
            Self::NotLike(escape) => Self::Like(escape.clone()),
            Self::Ilike(escape) => Self::NotIlike(escape.clone()),
            Self::NotIlike(escape) => Self::Ilike(escape.clone()),
            Self::Pattern => Self::NotPattern,
            Self::NotPattern => Self::Pattern,
            Self::Between { symmetric } => Self::NotBetween { symmetric: *symmetric },
            Self::NotBetween { symmetric } => Self::Between { symmetric: *symmetric },
            Self::RegexpMatch(flags) => Self::NotRegexpMatch(flags.clone()),
            Self::NotRegexpMatch(flags) => Self::RegexpMatch(flags.clone()),
            _ => return None,
        })
    }

    /// The operator with its sides exchanged.
    fn mirrored(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Gt => Self::Lt,
            Self::Le => Self::Ge,
            Self::Ge => Self::Le,
            other => other,
        }
    }
}
