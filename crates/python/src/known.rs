//! Base classes of libraries that bring columns with them, and whose files no one gives.
//!
//! What they bring is written down as Python in `known/`, and read as if the project had it beside its
//! own files. The place of all of it is the import that brings it in.

use std::rc::Rc;

use schemaward_catalog::{Derivation, Origin, Side, Source, Sources, Span};

use crate::interpret::File;
use crate::syntax::{Module, StmtKind, parse_module};

/// One module of a library.
struct Known {
    /// As it is imported.
    module: &'static str,
    /// As a path.
    path: &'static str,
    text: &'static str,
}

/// A module stands before those that it imports from.
const KNOWN: &[Known] = &[
    Known {
        module: "authlib.integrations.sqla_oauth2",
        path: "authlib/integrations/sqla_oauth2/__init__.py",
        text: include_str!("known/authlib_sqla_oauth2.py"),
    },
    Known {
        module: "fastapi_users.db",
        path: "fastapi_users/db/__init__.py",
        text: "from fastapi_users_db_sqlalchemy import *\n",
    },
    Known {
        module: "fastapi_users_db_sqlalchemy",
        path: "fastapi_users_db_sqlalchemy/__init__.py",
        text: include_str!("known/fastapi_users_db_sqlalchemy.py"),
    },
    Known {
        module: "fastapi_users_db_sqlalchemy.access_token",
        path: "fastapi_users_db_sqlalchemy/access_token.py",
        text: include_str!("known/fastapi_users_db_sqlalchemy_access_token.py"),
    },
    Known {
        module: "fastapi_users_db_sqlalchemy.generics",
        path: "fastapi_users_db_sqlalchemy/generics.py",
        text: include_str!("known/fastapi_users_db_sqlalchemy_generics.py"),
    },
];

/// The files of a project, and behind them those of the known libraries that they import from and do
/// not hold themselves.
pub(crate) fn with_known(files: &[File], side: Side, sources: &mut Sources) -> Vec<File> {
    let mut all = files.to_vec();
    for known in KNOWN {
        let root = known.module.split('.').next().unwrap_or_default();
        let given = |file: &File| file.path.split('/').any(|part| part == root);
        if files.iter().any(given) {
            continue;
        }
        let imported = all.iter().find_map(|file| {
            let span = import_of(&file.module, known)?;
            Some(Origin { source: file.source, span })
        });
        let Some(whole) = imported else { continue };
        let derivation = Derivation { pieces: Vec::new(), whole };
        let path = sources.get(whole.source).map_or(String::new(), |source| source.path.clone());
        let source = sources.add(Source::derived(side, path, known.text, derivation));
        let module = Rc::new(parse_module(known.text));
        all.push(File { path: known.path.to_owned(), source, module });
    }
    all
}

/// Where a file imports from a known module, or from one of those below it.
fn import_of(file: &Module, known: &Known) -> Option<Span> {
    file.body.iter().find_map(|statement| match &statement.kind {
        StmtKind::ImportFrom { module, level: 0, .. }
            if module
                .strip_prefix(known.module)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) =>
        {
            Some(statement.span)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use schemaward_catalog::{Side, Source, Sources};

    use super::KNOWN;
    use crate::project::{InputFile, Project};
    use crate::syntax::parse_module;

    #[test]
    fn what_is_known_is_python() {
        for known in KNOWN {
            assert!(parse_module(known.text).errors.is_empty(), "{}", known.module);
            let path = known.module.replace('.', "/");
            assert!(known.path.starts_with(&path), "{}", known.path);
        }
    }

    #[test]
    fn bases_of_known_libraries_bring_their_columns() {
        let text = "\
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID
from authlib.integrations.sqla_oauth2 import OAuth2TokenMixin
from sqlalchemy import Column, Integer
from sqlalchemy.orm import DeclarativeBase

class Base(DeclarativeBase):
    pass

class User(SQLAlchemyBaseUserTableUUID, Base):
    pass

class Token(OAuth2TokenMixin, Base):
    __tablename__ = 'tokens'
    id = Column(Integer, primary_key=True)
";
        let mut sources = Sources::default();
        let source = sources.add(Source::new(Side::Implemented, "models.py", text));
        let file = InputFile { path: "models.py", text, source };
        let project = Project::read(&[file], &[]);
        let told = project.play(Side::Implemented, &mut sources).models.unwrap();
        assert_eq!(told.unread, Vec::new());
        let columns = |name: &str| {
            let table = told.catalog.tables.values().find(|table| table.name.name == name).unwrap();
            let columns = table.columns.iter().map(|column| {
                format!("{} {} {}", column.name, column.data_type, sources.quote(column.origin))
            });
            columns.collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(columns("user") + "\n\n" + &columns("tokens"));
    }
}
