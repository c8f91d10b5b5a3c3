//! Naming conventions: how constraints and indexes without a name come by one.

use std::collections::BTreeMap;

use crate::text::Text;

/// `MetaData(naming_convention={…})`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamingConvention {
    /// By `ix`, `uq`, `ck`, `fk`, `pk`, or a token of the project's own.
    pub(crate) entries: Vec<(Text, Convention)>,
    /// What functions made of tokens: by the token, the table and the columns it was asked for.
    pub(crate) computed: BTreeMap<ComputedToken, Text>,
}

/// A token, the name of a table and the names of the columns of a constraint or an index.
pub(crate) type ComputedToken = (String, String, Vec<String>);

/// One entry of a naming convention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Convention {
    /// `"fk_%(table_name)s_%(column_0_name)s"`.
    Template(Text),
    /// A function of the project's own, which makes a token.
    Callable,
}

impl NamingConvention {
    /// The entry for a kind of constraint, or a token.
    pub(crate) fn get(&self, key: &str) -> Option<&Convention> {
        self.entries.iter().rev().find(|(name, _)| name.as_str() == key).map(|(_, entry)| entry)
    }
}

impl Default for NamingConvention {
    /// SQLAlchemy's own: indexes have names, and nothing else.
    fn default() -> Self {
        let template = Convention::Template("ix_%(column_0_label)s".into());
        Self { entries: vec![("ix".into(), template)], computed: BTreeMap::new() }
    }
}
