use schemaward_catalog::*;
use schemaward_review::*;
fn cat(src: &mut Sources, side: Side, path: &str, cov: &mut Coverage) -> Catalog {
    let text = std::fs::read_to_string(path).unwrap();
    let id = src.add(Source::new(side, path.rsplit('/').next().unwrap(), text.as_str()));
    let mut catalog = Catalog::new();
    for st in schemaward_sql::read(id, &text) {
        let origin = Origin { source: id, span: st.span };
        cov.statements += 1;
        let changes = match st.effect {
            schemaward_sql::Effect::Read(c) => {
                cov.read += 1;
                c
            }
            schemaward_sql::Effect::Unread(r, c) => {
                cov.unread.push(Unread { origin, reason: r });
                c.into_iter().map(|c| *c).collect()
            }
            schemaward_sql::Effect::Irrelevant(_) => {
                cov.irrelevant += 1;
                vec![]
            }
        };
        for c in changes {
            for p in catalog.apply(c, origin) {
                cov.notes.push(Unread { origin: p.origin, reason: p.message });
            }
        }
    }
    catalog
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let mut src = Sources::default();
    let mut cov = Coverage::default();
    if a[1] == "catalog" {
        let c = cat(&mut src, Side::Implemented, &a[2], &mut cov);
        print!(
            "{}",
            if a.get(3).is_some() {
                schemaward_render::catalog_json(&c, &src)
            } else {
                schemaward_render::catalog_sql(&c)
            }
        );
        return;
    }
    let d = (a[2] != "-").then(|| cat(&mut src, Side::Documented, &a[2], &mut cov));
    let i = (a[3] != "-").then(|| cat(&mut src, Side::Implemented, &a[3], &mut cov));
    let standard = a.get(4).map_or_else(Standard::default, |p| {
        Standard::parse(&std::fs::read_to_string(p).unwrap()).unwrap()
    });
    let r = review(&Input {
        documented: d.as_ref(),
        implemented: i.as_ref(),
        sources: &src,
        standard: &standard,
        coverage: cov,
        stamp: Stamp { id: Ulid::from_parts(1, 1), date: "2026-01-13".into() },
    });
    let w = schemaward_render::to_json(&r, &src);
    print!(
        "{}",
        match a[1].as_str() {
            "markdown" => schemaward_render::markdown(&w),
            "text" => schemaward_render::text(&w, true),
            "migration" => schemaward_render::migration(&w),
            "plan" => schemaward_render::plan_markdown(&w),
            _ => schemaward_render::json_text(&w),
        }
    );
}
