//! A standard's text, changed without losing its comments, its order or its spacing.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value, value};

use super::{Standard, StandardError, matches_pattern};
use crate::{Class, Severity};
use schemaward_catalog::QualifiedName;

/// A standard's TOML that can be edited.
///
/// Every edit leaves a text that [`Standard::parse`] accepts, and touches only the lines it is about.
#[derive(Clone, Debug)]
pub struct StandardText {
    document: DocumentMut,
}

impl StandardText {
    /// Reads a text that is a valid standard.
    pub fn parse(text: &str) -> Result<Self, StandardError> {
        Standard::parse(text)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let document = text.parse::<DocumentMut>().map_err(|error| StandardError {
            message: error.message().to_owned(),
            line: 1,
            column: 1,
        })?;
        Ok(Self { document })
    }

    /// The text as it stands.
    pub fn text(&self) -> String {
        self.document.to_string()
    }

    /// Gives a table its class. It is taken out of the lists of other classes where it stands by its
    /// own name.
    ///
    /// Fails where a pattern of another class stands before and would still count.
    pub fn set_class(&mut self, table: &QualifiedName, class: Class) -> Result<(), StandardError> {
        let name = name_of(table);
        let before = self.document.clone();
        self.edit(|document| {
            let classes = section(document, "classes")?;
            for other in Class::ALL.into_iter().filter(|other| *other != class) {
                if let Some(list) = classes.get_mut(other.word()).and_then(Item::as_array_mut) {
                    list.retain(|entry| {
                        entry.as_str() != Some(name.as_str())
                            && entry.as_str() != Some(table.name.as_str())
                    });
                }
            }
            let list = classes.entry(class.word()).or_insert(value(Array::new()));
            if let Some(list) = list.as_array_mut()
                && !list.iter().any(|entry| {
                    entry.as_str().is_some_and(|pattern| matches_pattern(pattern, table))
                })
            {
                append(list, &name);
            }
            Ok(())
        })?;
        let standard = Standard::parse(&self.text())?;
        let Some(entry) = standard.class_of(table).filter(|entry| entry.class != class) else {
            return Ok(());
        };
        self.document = before;
        Err(StandardError {
            message: format!(
                "`{}` ({}) stands before and matches `{table}`, too; make it narrower, or write \
                     `schemaward: class={}` in the table's comment",
                entry.pattern,
                entry.class.word(),
                class.word()
            ),
            line: entry.at.line,
            column: entry.at.column,
        })
    }

    /// Waives a rule, on one table (a name or pattern) or everywhere, with a reason and, where it is
    /// to end, its last day. A waiver of the same rule and table is replaced.
    pub fn waive(
        &mut self,
        rule: &str,
        table: Option<&str>,
        until: Option<&str>,
        because: &str,
    ) -> Result<(), StandardError> {
        self.edit(|document| {
            let waivers = document
                .entry("waive")
                .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
            let Some(waivers) = waivers.as_array_of_tables_mut() else {
                // `waive = [{ … }]` is the same list written in one line.
                return Err("write the waivers as `[[waive]]` tables first".to_owned());
            };
            let same = waivers.iter_mut().find(|entry| {
                entry.get("rule").and_then(Item::as_str) == Some(rule)
                    && entry.get("table").and_then(Item::as_str) == table
            });
            if let Some(entry) = same {
                fill(entry, rule, table, until, because);
            } else {
                let mut entry = Table::new();
                fill(&mut entry, rule, table, until, because);
                waivers.push(entry);
            }
            Ok(())
        })
    }

    /// Sets a rule's severity; `None` switches it off.
    pub fn set_severity(
        &mut self,
        rule: &str,
        severity: Option<Severity>,
    ) -> Result<(), StandardError> {
        self.edit(|document| {
            let rules = section(document, "rules")?;
            let word = severity.map_or("off", Severity::word);
            match rules.get_mut(rule).and_then(Item::as_value_mut) {
                Some(old) => {
                    let decor = old.decor().clone();
                    *old = Value::from(word);
                    *old.decor_mut() = decor;
                }
                None => {
                    rules.insert(rule, value(word));
                }
            }
            Ok(())
        })
    }

    /// Changes a copy and keeps it when it is still a valid standard.
    fn edit(
        &mut self,
        change: impl FnOnce(&mut DocumentMut) -> Result<(), String>,
    ) -> Result<(), StandardError> {
        let mut document = self.document.clone();
        change(&mut document).map_err(|message| StandardError { message, line: 1, column: 1 })?;
        Standard::parse(&document.to_string())?;
        self.document = document;
        Ok(())
    }
}

/// A table's name as patterns write it.
fn name_of(table: &QualifiedName) -> String {
    if table.schema == "public" {
        table.name.clone()
    } else {
        format!("{}.{}", table.schema, table.name)
    }
}

/// A section of the file, made at its end where it is missing.
fn section<'a>(document: &'a mut DocumentMut, name: &str) -> Result<&'a mut dyn TableLike, String> {
    let item = document.entry(name).or_insert_with(|| Item::Table(Table::new()));
    item.as_table_like_mut().ok_or_else(|| format!("`{name}` is no section"))
}

/// Adds a name at the end of a list, in the style of the list.
fn append(list: &mut Array, name: &str) {
    let mut entry = Value::from(name);
    // A list with one name a line stays one.
    let style = list.iter().last().map(|last| last.decor().clone());
    if let Some(style) = style
        && style.prefix().and_then(|prefix| prefix.as_str()).is_some_and(|text| text.contains('\n'))
    {
        let indent = style.prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        let indent = indent.rsplit('\n').next().unwrap_or_default();
        // What stands behind the last comma is a remark on the last name, and stays with it.
        let behind = list.trailing().as_str().unwrap_or_default().trim_end().to_owned();
        entry.decor_mut().set_prefix(format!("{behind}\n{indent}"));
        list.set_trailing("\n");
        list.push_formatted(entry);
    } else {
        list.push(name);
    }
}

fn fill(entry: &mut Table, rule: &str, table: Option<&str>, until: Option<&str>, because: &str) {
    entry.insert("rule", value(rule));
    match table {
        Some(table) => entry.insert("table", value(table)),
        None => entry.remove("table"),
    };
    match until {
        Some(until) => entry.insert("until", value(until)),
        None => entry.remove("until"),
    };
    entry.insert("because", value(because));
}
