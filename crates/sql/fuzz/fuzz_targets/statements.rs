//! Any text is read and played on a catalog without a panic; reading twice gives the same catalog;
//! the catalog's own SQL is read whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use schemaward_catalog::{Origin, SourceId};
use schemaward_sql::Effect;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let catalog = schemaward_sql::catalog_of(&text);
    let sql = schemaward_render::catalog_sql(&catalog);
    assert_eq!(sql, schemaward_render::catalog_sql(&schemaward_sql::catalog_of(&text)));
    for statement in schemaward_sql::read(SourceId(0), &sql) {
        let span = statement.span;
        if let Effect::Unread(reason, _) = statement.effect {
            let origin = Origin { source: SourceId(0), span };
            panic!("our own SQL is unread: {reason}: {}", origin.span.of(&sql));
        }
    }
});
