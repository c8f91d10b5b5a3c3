use std::rc::Rc;

use schemaward_catalog::{Origin, SourceId, Span};

use super::{File, Interp, OtherFile, Recorder, Value};
use crate::syntax::parse_module;

fn files(texts: &[(&str, &str)]) -> Vec<File> {
    let file = |(at, (path, text)): (usize, &(&str, &str))| File {
        path: (*path).to_owned(),
        source: SourceId(u32::try_from(at).unwrap()),
        module: Rc::new(parse_module(text)),
    };
    texts.iter().enumerate().map(file).collect()
}

/// What `result` of the first file is, and the notes.
fn run(texts: &[(&str, &str)]) -> (String, Vec<String>) {
    let files = files(texts);
    let sql = [OtherFile { path: "app/sql/x.sql", source: SourceId(99), text: "SELECT 1" }];
    let mut interp = Interp::new(&files, &sql);
    let module = interp.load(&mut Recorder, 0);
    let value = module.scope.own("result");
    let notes = interp.notes.iter().map(|note| note.message.clone()).collect();
    (value.map_or_else(|| "not bound".to_owned(), |value| format!("{value:?}")), notes)
}

#[track_caller]
fn check(text: &str, expect: &str) {
    let (found, notes) = run(&[("app/main.py", text)]);
    assert_eq!(found, expect, "{text}\n{notes:?}");
}

#[test]
fn values_are_what_python_makes_of_them() {
    check("result = 1 + 2 * 3 - 4 // 2", "5");
    check("result = -7 % 3, 2 ** 10, 7 / 2, 'a' * 3", "(2, 1024, 3.5, \"aaa\")");
    check("result = [x * 2 for x in range(5) if x % 2]", "[2, 6]");
    check("result = {k: v for k, v in zip('ab', [1, 2])}", "{\"a\": 1, \"b\": 2}");
    check("a, *b = [1, 2, 3]\nresult = (b, a)", "([2, 3], 1)");
    check(
        "result = sorted({'b': 1, 'a': 2}.items(), key=lambda it: it[1], reverse=True)",
        "[(\"a\", 2), (\"b\", 1)]",
    );
    check(
        "result = 'abc'[::-1], [1, 2, 3, 4][1:-1], 'x' in 'xyz', 3 not in [1]",
        "(\"cba\", [2, 3], True, True)",
    );
    check("result = 1 < 2 < 3 and None or 'else'", "\"else\"");
    check("result = 'yes' if [] else 'no'", "\"no\"");
    check(
        "result = any(x > 2 for x in (1, 2, 3)), all([]), sum([1, 2]), max(3, 9)",
        "(True, True, 3, 9)",
    );
    check("x = [1]\nx += [2]\nx.append(3)\nresult = x.pop(0), x", "(1, [2, 3])");
    check("d = {'a': {'b': [1]}}\nd['a']['c'] = 2\nresult = d", "{\"a\": {\"b\": [1], \"c\": 2}}");
    check("result = dict(a=1, **{'b': 2}) | {'c': 3}", "{\"a\": 1, \"b\": 2, \"c\": 3}");
    check("result = bin(5), hex(-255), oct(8), pow(2, 3)", "(\"0b101\", \"-0xff\", \"0o10\", 8)");
    check("result = list(enumerate('ab', start=1))", "[(1, \"a\"), (2, \"b\")]");
}

#[test]
fn strings_are_formatted() {
    check("t = 'x'\nresult = f'a {t!r} {t:>3} {1 + 1:03d} {{}}'", "\"a 'x'   x 002 {}\"");
    check("result = '{} {0} {name} {d[k]}'.format('a', name='b', d={'k': 'c'})", "\"a a b c\"");
    check(
        "result = '%s has %d and %(x)s' % ('a', 1)",
        "<unknown: the format wants values that are not there>",
    );
    check("result = '%(a)s-%(b)03d%%' % {'a': 'x', 'b': 7}", "\"x-007%\"");
    check("result = ', '.join(f'{c} text' for c in ['a', 'b'])", "\"a text, b text\"");
    check("result = 'Care Team'.lower().replace(' ', '_').split('_')", "[\"care\", \"team\"]");
    check(
        "import textwrap\nresult = textwrap.dedent('''\n    a\n      b\n''')",
        "\"\\na\\n  b\\n\"",
    );
    check(
        "import re\nresult = re.sub(r'(?<!^)(?=[A-Z])', '_', 'CareTeam').lower()",
        "\"care_team\"",
    );
    check(
        "import re\nresult = re.split('(?=[A-Z])', 'CareTeam'), re.findall('[A-Z][^A-Z]*', 'CareTeam'), re.split(r'[,;] ?', 'a, b;c')",
        "([\"\", \"Care\", \"Team\"], [\"Care\", \"Team\"], [\"a\", \"b\", \"c\"])",
    );
    check("from string import Template\nresult = 'ab'.title().center(6, '-')", "\"--Ab--\"");
}

#[test]
fn functions_and_classes_work() {
    check(
        "def f(a, *b, c=3, **d):\n    return a, b, c, d\nresult = f(1, 2, e=4)",
        "(1, (2), 3, {\"e\": 4})",
    );
    check("def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nresult = f(6)", "720");
    check("def g():\n    yield 1\n    yield from [2, 3]\nresult = list(g())", "[1, 2, 3]");
    check(
        "class A:\n    x = 1\n    def __init__(self, y): self.y = y\n    def z(self): return self.x + self.y\n\
         class B(A):\n    x = 10\n    def z(self): return super().z() * 2\nresult = B(5).z()",
        "30",
    );
    check(
        "class A: n = 'A'\nclass B(A): pass\nclass C(A): n = 'C'\nclass D(B, C): pass\nresult = D.n",
        "\"C\"",
    );
    check(
        "from enum import Enum\nclass Role(str, Enum):\n    ADMIN = 'admin'\n    USER = 'user'\n\
         result = [r.value for r in Role], Role('user').name, Role['ADMIN'] == 'admin'",
        "([\"admin\", \"user\"], \"USER\", True)",
    );
    check(
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    a: int\n    b: str = 'x'\n\
         p = P(1)\nresult = p.a, p.b",
        "(1, \"x\")",
    );
    check("x = 0\ndef f():\n    global x\n    x = 5\nf()\nresult = x", "5");
    check(
        "fs = [lambda x, n=n: x + n for n in range(3)]\nresult = [f(1) for f in fs]",
        "[1, 2, 3]",
    );
    check(
        "def deco(f):\n    def inner(*a): return f(*a) + 1\n    return inner\n@deco\ndef f(x): return x\nresult = f(1)",
        "2",
    );
}

#[test]
fn members_by_values_of_libraries_are_unknown() {
    check(
        "import os\nfrom enum import Enum\nclass E(str, Enum):\n    a = 'a'\nx = E(os.getenv('E', E.a))\nresult = 1",
        "1",
    );
}

#[test]
fn a_choice_of_what_is_not_known_is_not_known_but_true() {
    check(
        "import os\nfrom enum import Enum\nclass E(Enum):\n    a = 'a'\nx = E(os.getenv('E') or E.a.value)\n\
         y = os.getenv('F') or 'f'\nresult = 1 if y else 2",
        "1",
    );
}

#[test]
fn exceptions_are_caught() {
    check("try:\n    {}['a']\nexcept KeyError:\n    result = 'no key'", "\"no key\"");
    check(
        "try:\n    raise ValueError('x')\nexcept (TypeError, ValueError) as e:\n    result = 1\nfinally:\n    result += 1",
        "2",
    );
    check(
        "try:\n    import yaml\nexcept ImportError:\n    yaml = None\nresult = yaml is None",
        "False",
    );
}

#[test]
fn libraries_are_recorded() {
    check(
        "import sqlalchemy as sa\nfrom sqlalchemy.orm import mapped_column as mc\nresult = mc(sa.String(10), index=True)",
        "sqlalchemy.orm.mapped_column(sqlalchemy.String(10), index=True)",
    );
    check(
        "from sqlalchemy import Column\nc = Column('a')\nresult = (c == 1) & c.is_(None)",
        "((sqlalchemy.Column(\"a\") == 1) & sqlalchemy.Column(\"a\").is_(None))",
    );
    check("from sqlalchemy import Column\nc = Column('a')\nresult = (c is None)", "False");
    check("from typing import Optional\nresult = Optional[int]", "typing.Optional[int]");
}

#[test]
fn modules_of_the_project_are_found() {
    let (found, notes) = run(&[
        (
            "app/models/__init__.py",
            "from .user import User as U\nfrom app.base import *\nresult = U.name, base, X.__name__",
        ),
        (
            "app/models/user.py",
            "from ..base import Base\nimport app.models.other as o\nclass User(Base): name = o.name",
        ),
        ("app/models/other.py", "from app.models import user\nname = 'n'"),
        ("app/base.py", "class Base: pass\nclass X: pass\nbase = 'b'\n_hidden = 1"),
    ]);
    assert_eq!(found, "(\"n\", \"b\", \"X\")", "{notes:?}");
    // The packages above the folder that was given are not there.
    let (found, _) = run(&[("a.py", "from src.app.b import x\nresult = x"), ("b.py", "x = 1")]);
    assert_eq!(found, "1");
    let (found, _) = run(&[
        ("a.py", "import b\nb.y = 2\nfrom b import y, x\nresult = y + x"),
        ("b.py", "x = 1\nimport a"),
    ]);
    assert_eq!(found, "3");
}

#[test]
fn files_beside_are_read() {
    let text = "from pathlib import Path\nresult = (Path(__file__).resolve().parent / 'sql' / 'x.sql').read_text()";
    check(text, "\"SELECT 1\"");
    check(
        "import os\nwith open(os.path.join(os.path.dirname(__file__), 'sql/x.sql')) as f:\n    result = f.read()",
        "\"SELECT 1\"",
    );
    check("result = open('nowhere.sql').read()", "<unknown: the file `nowhere.sql` was not given>");
}

#[test]
fn a_loop_that_may_have_been_left_is_not_run_for_ever() {
    let fetch = "import x\nn = 0\nwhile True:\n    rows = x.fetch()\n    if not rows:\n        break\n    n += 1\n";
    check(&format!("{fetch}result = n"), "1");
    let decided = "n = 0\nwhile True:\n    if n == 3:\n        break\n    n += 1\nresult = n";
    check(decided, "3");
    let inner = "import x\nm = 0\nwhile m < 3:\n    while True:\n        if x.end():\n            break\n    m += 1\nresult = m";
    check(inner, "3");
    let called = "import x\ndef f():\n    if x.end():\n        return\nm = 0\nwhile m < 3:\n    f()\n    m += 1\nresult = m";
    check(called, "3");
}

#[test]
fn hostile_text_ends() {
    for text in [
        "while True:\n    pass",
        "def f():\n    return f()\nf()",
        "x = [0]\nfor i in x:\n    x = x + x",
        "x = 'a'\nwhile len(x) < 10 ** 9:\n    x = x + x",
        "x = [[[a, b] for a in range(1000)] for b in range(1000)]",
        "for i in range(10 ** 12):\n    pass",
        "x = 10 ** 10 ** 10",
        "x = {}\nx['x'] = x\ny = str(x)",
        "class A(A): pass",
        "class A: pass\nclass B(A): pass\nclass C(A, B): pass",
        "import main\nfrom main import *",
        "print 'python 2'",
        "x = 'a' * 10 ** 9",
        "def f(n):\n    return [f(n) for i in range(9)]\nf(1)",
        "x = []\nfor i in range(100000):\n    x = [x]\nprint(x)",
        "import a\nfor i in range(100000):\n    a = a.b(a)",
        "class A: pass\nfor i in range(10000):\n    class A(A): pass",
        "x = ()\nfor i in range(1000):\n    x = (x, x)\ny = {x: 1}\nz = x < x",
        "x = []\nx.append(x)\nprint(x == x, repr(x))",
    ] {
        let (_, notes) = run(&[("main.py", text)]);
        assert!(notes.len() <= 1_000);
    }
}

#[test]
fn strings_lead_to_where_they_were_written() {
    let text = "T = ['patients']\nfor t in T:\n    result = f'ALTER TABLE {t} ENABLE' + ' X'";
    let files = files(&[("m.py", text)]);
    let mut interp = Interp::new(&files, &[]);
    let module = interp.load(&mut Recorder, 0);
    let Some(Value::Str(result)) = module.scope.own("result") else { panic!() };
    let place = |part: &str| {
        let start = u32::try_from(result.as_str().find(part).unwrap()).unwrap();
        let span = Span::new(start, start + u32::try_from(part.len()).unwrap());
        result.derivation(Origin::default()).resolve(span).span.of(text).to_owned()
    };
    assert_eq!(place("patients"), "patients");
    assert_eq!(place("TABLE"), "TABLE");
    assert_eq!(place("ENABLE X"), "ENABLE' + ' X");
}
