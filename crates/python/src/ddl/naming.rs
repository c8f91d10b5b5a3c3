//! The names of constraints and indexes: given, made by the naming convention, cut to length.

use schemaward_catalog::Origin;

use super::{Writer, quote};
use crate::schema::{Clause, Column, Convention, Name, Table, Target};
use crate::text::Text;

/// The longest name PostgreSQL keeps.
const LONGEST: usize = 63;

/// What a naming convention can ask of a constraint or an index.
pub(super) struct Named<'a> {
    /// `ix`, `uq`, `ck`, `fk`, `pk`; nothing for kinds that no convention names.
    pub(super) kind: Option<&'static str>,
    /// The name it was given.
    pub(super) name: &'a Name,
    /// Its table.
    pub(super) table: &'a Table,
    /// Its columns.
    pub(super) columns: Vec<&'a Column>,
    /// What its columns refer to.
    pub(super) targets: Vec<ResolvedTarget>,
    /// What stands for it.
    pub(super) origin: Origin,
}

/// A table and a column that a foreign key refers to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ResolvedTarget {
    pub(super) schema: Option<Text>,
    pub(super) table: Text,
    pub(super) column: Text,
}

/// A constraint that SQLAlchemy refuses to name; the problem has been said.
pub(super) struct Unnamed;

impl Writer<'_> {
    /// The name as SQL writes it, if there is one. An error for what cannot be named.
    pub(super) fn constraint_name(&mut self, named: &Named<'_>) -> Result<Option<Text>, Unnamed> {
        let template = named.kind.and_then(|kind| self.context.convention.get(kind));
        let template = match template {
            Some(Convention::Template(template)) => Some(template.clone()),
            Some(Convention::Callable) => {
                self.problem("the naming convention calls a function", named.origin);
                return Err(Unnamed);
            }
            None => None,
        };
        match (named.name, template) {
            (Name::Final(name), _) => Ok(Some(quote::name(&cut(name)))),
            (Name::Given(name), Some(template))
                if template.as_str().contains("constraint_name") =>
            {
                let made = self.fill(&template, named, Some(name)).ok_or(Unnamed)?;
                Ok(Some(quote::name(&cut(&made))))
            }
            (Name::Given(name), _) => {
                if name.as_str().chars().count() > LONGEST {
                    let message = format!(
                        "the name {:?} is longer than {LONGEST} characters, which SQLAlchemy refuses",
                        name.as_str()
                    );
                    self.problem(message, name.origin().unwrap_or(named.origin));
                    return Err(Unnamed);
                }
                Ok(Some(quote::name(name)))
            }
            (Name::Unset, Some(template)) => {
                let made = self.fill(&template, named, None).ok_or(Unnamed)?;
                Ok(Some(quote::name(&cut(&made))))
            }
            (Name::Unset, None) => Ok(None),
        }
    }

    /// The template with its tokens replaced.
    fn fill(&mut self, template: &Text, named: &Named<'_>, given: Option<&Text>) -> Option<Text> {
        let mut text = Text::default();
        let mut rest = 0;
        let value = template.as_str();
        while let Some(at) = value.get(rest..).and_then(|tail| tail.find('%')).map(|at| rest + at) {
            text.push(&template.slice(rest, at));
            let tail = value.get(at + 1..).unwrap_or_default();
            if tail.starts_with('%') {
                text.push(&template.slice(at, at + 1));
                rest = at + 2;
                continue;
            }
            let token = tail.strip_prefix('(').and_then(|token| token.split_once(")s"));
            let Some((token, _)) = token else {
                self.problem(
                    format!("the naming convention {value:?} is no valid template"),
                    template.origin().unwrap_or(named.origin),
                );
                return None;
            };
            let made = self.token(token, named, given)?;
            text.push(&match made.origin() {
                Some(_) => made,
                None if made.is_empty() => made,
                None => Text::written(made.as_str(), named.origin, false),
            });
            rest = at + 1 + "(".len() + token.len() + ")s".len();
        }
        text.push(&template.slice(rest, value.len()));
        Some(text)
    }

    /// What a token stands for.
    fn token(&mut self, token: &str, named: &Named<'_>, given: Option<&Text>) -> Option<Text> {
        if self.context.convention.get(token).is_some() {
            let columns = named.columns.iter().map(|column| column.name.as_str().to_owned());
            let key = (token.to_owned(), named.table.name.as_str().to_owned(), columns.collect());
            if let Some(made) = self.context.convention.computed.get(&key) {
                return Some(made.clone());
            }
            let message = format!("the naming convention computes {token:?} with a function");
            self.problem(message, named.origin);
            return None;
        }
        match token {
            "table_name" => return Some(named.table.name.clone()),
            "referred_table_name" => {
                if let Some(target) = named.targets.first() {
                    return Some(target.table.clone());
                }
            }
            "constraint_name" => {
                if given.is_none() {
                    let message = "the naming convention needs the constraint to be given a name, and it has none";
                    self.problem(message, named.origin);
                }
                return given.cloned();
            }
            _ => {
                if let Some(columns) = ColumnToken::parse(token) {
                    return Some(columns.fill(named));
                }
            }
        }
        let message = format!("the naming convention has the unknown token {token:?}");
        self.problem(message, named.origin);
        None
    }
}

/// `column_0_name`, `column_0N_key`, `referred_column_0_N_name` and their kin.
struct ColumnToken<'a> {
    referred: bool,
    which: Which,
    attribute: &'a str,
}

enum Which {
    One(usize),
    All(&'static str),
}

impl<'a> ColumnToken<'a> {
    fn parse(token: &'a str) -> Option<Self> {
        let (referred, rest) = match token.strip_prefix("referred_") {
            Some(rest) => (true, rest),
            None => (false, token),
        };
        let rest = rest.strip_prefix("column_")?;
        let (which, attribute) = match rest.strip_prefix("0_N_") {
            Some(attribute) => (Which::All("_"), attribute),
            None => match rest.strip_prefix("0N_") {
                Some(attribute) => (Which::All(""), attribute),
                None => {
                    let (index, attribute) = rest.split_once('_')?;
                    (Which::One(index.parse().ok()?), attribute)
                }
            },
        };
        let known = if referred {
            attribute == "name"
        } else {
            matches!(attribute, "name" | "key" | "label")
        };
        known.then_some(Self { referred, which, attribute })
    }

    fn fill(&self, named: &Named<'_>) -> Text {
        let value = |index: usize| -> Text {
            if self.referred {
                return named.targets.get(index).map(|to| to.column.clone()).unwrap_or_default();
            }
            let Some(column) = named.columns.get(index) else { return Text::default() };
            match self.attribute {
                "key" => column.key().clone(),
                "label" => label(named.table, column),
                _ => column.name.clone(),
            }
        };
        match self.which {
            Which::One(index) => value(index),
            Which::All(separator) => {
                let count = if self.referred { named.targets.len() } else { named.columns.len() };
                let mut text = Text::default();
                for index in 0..count {
                    if index > 0 {
                        text.push_str(separator);
                    }
                    text.push(&value(index));
                }
                text
            }
        }
    }
}

/// A column with its table before it: `schema_table_column`.
fn label(table: &Table, column: &Column) -> Text {
    let mut text = Text::default();
    if let Some(schema) = &table.schema {
        text.push(&if schema.as_str().contains('.') {
            schema.computed(schema.as_str().replace('.', "_"))
        } else {
            schema.clone()
        });
        text.push_str("_");
    }
    text.push(&table.name);
    text.push_str("_");
    text.push(&column.name);
    text
}

/// A name that the program did not choose itself, cut as SQLAlchemy cuts it.
fn cut(name: &Text) -> Text {
    let value = name.as_str();
    if value.chars().count() <= LONGEST {
        return name.clone();
    }
    let end = value.char_indices().nth(LONGEST - 8).map_or(value.len(), |(at, _)| at);
    let mut text = name.slice(0, end);
    let digest = md5(value.as_bytes());
    let tail = digest.get(14..).unwrap_or_default();
    text.push_str("_");
    for byte in tail {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// The MD5 digest, of which SQLAlchemy puts four digits behind a name it has cut.
fn md5(message: &[u8]) -> [u8; 16] {
    const SHIFTS: [[u32; 4]; 4] =
        [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64).wrapping_mul(8).to_le_bytes());
    for block in padded.chunks_exact(64) {
        let words: Vec<u32> = block
            .chunks_exact(4)
            .map(|word| word.iter().rev().fold(0, |all, byte| (all << 8) | u32::from(*byte)))
            .collect();
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64_usize {
            let (mixed, word) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), (7 * step) % 16),
            };
            let shift = SHIFTS.get(step / 16).and_then(|row| row.get(step % 4)).copied();
            let sum = a
                .wrapping_add(mixed)
                .wrapping_add(sine(step))
                .wrapping_add(words.get(word).copied().unwrap_or_default());
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(shift.unwrap_or_default()));
        }
        for (part, value) in state.iter_mut().zip([a, b, c, d]) {
            *part = part.wrapping_add(value);
        }
    }
    let mut digest = [0; 16];
    for (to, from) in digest.iter_mut().zip(state.iter().flat_map(|part| part.to_le_bytes())) {
        *to = from;
    }
    digest
}

/// MD5's constants: 2³² times the sine of each step, without its sign and fraction.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn sine(step: usize) -> u32 {
    (((step + 1) as f64).sin().abs() * 4_294_967_296.0) as u32
}

/// The columns that an expression names, each once.
pub(super) fn columns_of<'a>(clause: &Clause, table: &'a Table) -> Vec<&'a Column> {
    let mut found: Vec<&Column> = Vec::new();
    clause.columns(&mut |key| {
        if let Some(column) = table.column(key)
            && !found.iter().any(|other| std::ptr::eq(*other, column))
        {
            found.push(column);
        }
    });
    found
}

/// The parts of a target's text: schema, table, column.
pub(super) fn tokens(target: &Target) -> (Option<Text>, Text, Option<Text>) {
    match target {
        Target::Column { schema, table, column } => {
            (schema.clone(), table.clone(), Some(column.clone()))
        }
        Target::Spec(spec) => {
            let value = spec.as_str();
            let Some((before, _)) = value.rsplit_once('.') else {
                return (None, spec.clone(), None);
            };
            let column = spec.slice(before.len() + 1, value.len());
            match before.rsplit_once('.') {
                None => (None, spec.slice(0, before.len()), Some(column)),
                Some((schema, _)) => (
                    Some(spec.slice(0, schema.len())),
                    spec.slice(schema.len() + 1, before.len()),
                    Some(column),
                ),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expect: &str) {
        let digest: Vec<String> =
            md5(message.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(digest.concat(), expect);
    }

    #[test]
    fn md5_is_that_of_the_standard() {
        check("", "d41d8cd98f00b204e9800998ecf8427e");
        check("abc", "900150983cd24fb0d6963f7d28e17f72");
        check("message digest", "f96b697d7cb7938d525a2f31aaf161d0");
        check(&"1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a");
    }
}
