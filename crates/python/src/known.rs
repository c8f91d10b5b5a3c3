//! Base classes of libraries that bring columns with them, and libraries that make triggers and policies of
//! what models declare: their files are never given.
//!
//! What they bring is written down as Python in `known/`, and read as if the project had it beside its
//! own files. Its place is what it is made of, or else the import that brings it in.
//!
//! Models tell what they declare, whether the library has `create_all` make it or has Alembic write it.

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
        module: "sqlalchemy_declarative_extensions.audit",
        path: "sqlalchemy_declarative_extensions/audit.py",
        text: include_str!("known/declarative_extensions_audit.py"),
    },
    Known {
        module: "sqlalchemy_declarative_extensions",
        path: "sqlalchemy_declarative_extensions/__init__.py",
        text: include_str!("known/declarative_extensions.py"),
    },
    Known {
        module: "sqlalchemy_declarative_extensions.dialects.postgresql",
        path: "sqlalchemy_declarative_extensions/dialects/postgresql/__init__.py",
        text: include_str!("known/declarative_extensions_postgresql.py"),
    },
    Known {
        module: "postgresql_audit.flask",
        path: "postgresql_audit/flask.py",
        text: include_str!("known/postgresql_audit_flask.py"),
    },
    Known {
        module: "postgresql_audit",
        path: "postgresql_audit/__init__.py",
        text: include_str!("known/postgresql_audit.py"),
    },
    Known {
        module: "rls.register_rls",
        path: "rls/register_rls.py",
        text: include_str!("known/rls_register_rls.py"),
    },
    Known {
        module: "rls.schemas",
        path: "rls/schemas.py",
        text: include_str!("known/rls_schemas.py"),
    },
    Known {
        module: "sqlalchemy_continuum",
        path: "sqlalchemy_continuum/__init__.py",
        text: include_str!("known/sqlalchemy_continuum.py"),
    },
    Known {
        module: "sqlalchemy_postgresql_audit",
        path: "sqlalchemy_postgresql_audit/__init__.py",
        text: include_str!("known/sqlalchemy_postgresql_audit.py"),
    },
    Known {
        module: "sqlalchemy_tenants",
        path: "sqlalchemy_tenants/__init__.py",
        text: include_str!("known/sqlalchemy_tenants.py"),
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

/// Where a file imports a known module, or one of those below it.
fn import_of(file: &Module, known: &Known) -> Option<Span> {
    let within = |module: &str| {
        module
            .strip_prefix(known.module)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    file.body.iter().find_map(|statement| {
        let found = match &statement.kind {
            StmtKind::ImportFrom { module, level: 0, names } => {
                within(module) || names.iter().any(|it| within(&format!("{module}.{}", it.name)))
            }
            StmtKind::Import(aliases) => aliases.iter().any(|alias| within(&alias.name)),
            _ => false,
        };
        found.then_some(statement.span)
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
