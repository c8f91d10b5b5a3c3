//! The names a server generates: `makeObjectName` and its callers in PostgreSQL's `indexcmds.c`,
//! `tablecmds.c` and `pg_constraint.c`.

use crate::object::{Constraint, ConstraintKind, Index, IndexKeyKind};

/// Bytes an identifier may have (`NAMEDATALEN - 1`).
const LIMIT: usize = 63;

/// `table_columns_label`, the longer of the first two parts cut until the whole fits.
pub(crate) fn object_name(table: &str, columns: &str, label: &str) -> String {
    let separators = 1 + usize::from(!columns.is_empty());
    let budget = LIMIT.saturating_sub(label.len() + separators);
    let (mut first, mut second) = (table.len(), columns.len());
    while first + second > budget {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let first = cut(table, first);
    if columns.is_empty() {
        format!("{first}_{label}")
    } else {
        format!("{first}_{}_{label}", cut(columns, second))
    }
}

/// The first of `…label`, `…label1`, `…label2` that is not taken.
pub(crate) fn choose(
    table: &str,
    columns: &str,
    label: &str,
    taken: impl Fn(&str) -> bool,
) -> String {
    let first = object_name(table, columns, label);
    if !taken(&first) {
        return first;
    }
    let mut pass = 1_u32;
    loop {
        let name = object_name(table, columns, &format!("{label}{pass}"));
        if !taken(&name) {
            return name;
        }
        pass += 1;
    }
}

/// The first of `name_1`, `name_2`, … that is not taken.
pub(crate) fn numbered_after(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let names = (1_u32..).map(|number| object_name(name, "", &number.to_string()));
    let mut free = names.skip_while(|name| taken(name));
    free.next().unwrap_or_default()
}

/// Column names joined as the server joins them for a generated name: until 63 bytes are reached.
pub(crate) fn joined<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for column in columns {
        if !out.is_empty() {
            out.push('_');
        }
        out.push_str(column);
        if out.len() > LIMIT {
            break;
        }
    }
    cut(&out, LIMIT).to_owned()
}

/// The columns of an index as its generated name has them.
pub(crate) fn index_columns(index: &Index) -> String {
    joined(columns_of_index(index).iter().map(String::as_str))
}

/// The names of an index's own columns: `ChooseIndexColumnNames`, which numbers what is there twice
/// (`expr`, `expr1`).
pub(crate) fn columns_of_index(index: &Index) -> Vec<String> {
    let keys = index.keys.iter().map(|key| match &key.key {
        IndexKeyKind::Column(name) => name.clone(),
        IndexKeyKind::Expression(expression) => expression.function_name(),
    });
    numbered(keys.chain(index.include.iter().cloned()))
}

/// The names of the columns of a constraint's own index; none where it has no index.
pub(crate) fn columns_of_key(constraint: &Constraint) -> Vec<String> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, include }
        | ConstraintKind::Unique { columns, include, .. } => {
            numbered(columns.iter().chain(include).cloned())
        }
        ConstraintKind::Exclude { elements, .. } => {
            // An expression is named after its function, or is `expr`.
            numbered(elements.iter().map(|element| {
                let end = element.find(|c: char| !(c.is_alphanumeric() || c == '_'));
                let word = element.get(..end.unwrap_or(element.len())).unwrap_or_default();
                if word.is_empty() { "expr" } else { word }.to_owned()
            }))
        }
        ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. } => Vec::new(),
    }
}

fn numbered(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for base in names {
        let mut name = base.clone();
        let mut pass = 1_u32;
        while columns.contains(&name) {
            name = format!("{base}{pass}");
            pass += 1;
        }
        columns.push(name);
    }
    columns
}

fn cut(text: &str, mut end: usize) -> &str {
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_the_longer_part() {
        assert_eq!(object_name("t", "a_b", "key"), "t_a_b_key");
        assert_eq!(object_name("t", "", "pkey"), "t_pkey");
        let long = object_name(&"t".repeat(60), &"c".repeat(40), "fkey");
        assert_eq!(long, format!("{}_{}_fkey", "t".repeat(29), "c".repeat(28)));
        let taken = ["t_a_key", "t_a_key1"];
        assert_eq!(choose("t", "a", "key", |name| taken.contains(&name)), "t_a_key2");
    }
}
