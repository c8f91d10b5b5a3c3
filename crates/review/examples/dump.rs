use schemaward_catalog::*; use schemaward_review::*;
fn main(){ let path=std::env::args().nth(1).unwrap(); let text=std::fs::read_to_string(&path).unwrap();
let std_toml=std::env::args().nth(2).map(|p|std::fs::read_to_string(p).unwrap()).unwrap_or_default();
let mut sources=Sources::default(); sources.add(Source::new(Side::Implemented,path,text.clone()));
let cat=schemaward_sql::catalog_of(&text);
for b in &cat.blind_spots { println!("BLIND {} {:?}", b.reason, b.may_touch); }
let standard=Standard::parse(&std_toml).unwrap();
let r=review(&Input{documented:None,implemented:Some(&cat),sources:&sources,standard:&standard,coverage:Coverage::default(),stamp:Stamp{id:Ulid::default(),date:"2026-01-13".into()}});
println!("{}\n{}",r.status,r.summary);
for t in &r.tables { println!("{:32} {:12} {} | {}", t.name.to_string(), t.class.word(), t.controls.iter().map(|(_,v)| match v.verdict {Verdict::Met=>'+',Verdict::Unmet=>'X',Verdict::Undecided=>'?',_=>'.'}).collect::<String>(), t.because);}
for f in r.findings.iter().chain(&r.recommendations) { let e=f.evidence.first().map(|e| sources.get(e.origin.source).unwrap().position(e.origin.span.start).line).unwrap_or(0); println!("{:8} {} @{}\n      {}", f.severity.word(), f.id, e, f.message); }
for s in &r.successes { println!("SUCCESS {} {}", s.rule, s.message); }
for s in &r.undecided { println!("UNDECIDED {} {} {}", s.rule, s.subject, s.because); }
for s in &r.waived { println!("WAIVED {} {}", s.finding.id, s.because); }
}
