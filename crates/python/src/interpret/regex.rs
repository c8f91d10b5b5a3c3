//! Regular expressions of Python, as far as helpers that make table names use them.
//!
//! A backtracking matcher with groups, classes, look-around, anchors and greedy or lazy repetition.
//! Such helpers (`CamelCase` to `snake_case`) need look-around, which Rust's own engines leave out,
//! and run over a class name; the steps are bounded, and a pattern that is not understood is `None`.

/// Steps of one match.
const MAX_STEPS: usize = 200_000;

/// Groups within each other.
const MAX_DEPTH: usize = 20;

/// Replaces every match, with `\1` and `\g<1>` in the replacement; `None` where the pattern or the
/// replacement is not understood.
pub(super) fn replace(pattern: &str, replacement: &str, text: &str) -> Option<String> {
    let (nodes, groups) = parse(pattern)?;
    let replacement = parse_replacement(replacement)?;
    let chars: Vec<char> = text.chars().collect();
    let mut result = String::new();
    let mut at = 0;
    let mut steps = 0;
    while at <= chars.len() {
        let mut run = Run { chars: &chars, groups: vec![None; groups + 1], steps };
        let end = run.sequence(&nodes, at, &mut |_, end| Some(end));
        steps = run.steps;
        if steps > MAX_STEPS {
            return None;
        }
        if let Some(end) = end {
            run.groups.first_mut()?.replace((at, end));
            for part in &replacement {
                match part {
                    Part::Text(text) => result.push_str(text),
                    Part::Group(number) => {
                        if let Some((from, to)) = run.groups.get(*number)? {
                            result.extend(chars.get(*from..*to)?);
                        }
                    }
                }
            }
            if end == at {
                result.extend(chars.get(at));
                at += 1;
            } else {
                at = end;
            }
        } else {
            result.extend(chars.get(at));
            at += 1;
        }
    }
    Some(result)
}

/// Where a pattern without groups matches, in bytes, one match behind the other; `None` where it is not
/// understood or has groups, which Python's functions give instead.
fn matches(pattern: &str, text: &str) -> Option<Vec<(usize, usize)>> {
    let (nodes, groups) = parse(pattern)?;
    if groups > 0 {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    places.push(text.len());
    let mut found: Vec<(usize, usize)> = Vec::new();
    let (mut at, mut steps) = (0, 0);
    while at <= chars.len() {
        let mut run = Run { chars: &chars, groups: vec![None], steps };
        let end = run.sequence(&nodes, at, &mut |_, end| Some(end));
        steps = run.steps;
        if steps > MAX_STEPS {
            return None;
        }
        if let Some(end) = end {
            found.push((*places.get(at)?, *places.get(end)?));
            at = end.max(at + 1);
        } else {
            at += 1;
        }
    }
    Some(found)
}

/// The parts of a text between the matches, as `re.split()` gives them.
pub(super) fn split<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (start, end) in matches(pattern, text)? {
        parts.push(text.get(from..start)?);
        from = end;
    }
    parts.push(text.get(from..)?);
    Some(parts)
}

/// The matches, as `re.findall()` gives them.
pub(super) fn find_all<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    matches(pattern, text)?.into_iter().map(|(start, end)| text.get(start..end)).collect()
}

/// Whether a pattern matches; `None` where it is not understood.
pub(super) fn find(pattern: &str, text: &str, at_start: bool, whole: bool) -> Option<bool> {
    let (nodes, groups) = parse(pattern)?;
    let chars: Vec<char> = text.chars().collect();
    let starts = if at_start { 0..1 } else { 0..chars.len() + 1 };
    let mut steps = 0;
    for at in starts {
        let mut run = Run { chars: &chars, groups: vec![None; groups + 1], steps };
        let length = chars.len();
        let found =
            run.sequence(&nodes, at, &mut |_, end| (!whole || end == length).then_some(end));
        steps = run.steps;
        if steps > MAX_STEPS {
            return None;
        }
        if found.is_some() {
            return Some(true);
        }
    }
    Some(false)
}

enum Part {
    Text(String),
    Group(usize),
}

fn parse_replacement(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut chars = text.chars().peekable();
    let mut plain = String::new();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let group = match chars.next()? {
            'n' => {
                plain.push('\n');
                continue;
            }
            '\\' => {
                plain.push('\\');
                continue;
            }
            'g' => {
                if chars.next()? != '<' {
                    return None;
                }
                let mut number = String::new();
                loop {
                    match chars.next()? {
                        '>' => break,
                        digit => number.push(digit),
                    }
                }
                number.parse().ok()?
            }
            digit if digit.is_ascii_digit() => digit.to_digit(10)? as usize,
            _ => return None,
        };
        parts.push(Part::Text(std::mem::take(&mut plain)));
        parts.push(Part::Group(group));
    }
    parts.push(Part::Text(plain));
    Some(parts)
}

#[derive(Debug)]
enum Node {
    Char(char),
    Any,
    Class(Vec<ClassItem>, bool),
    Start,
    End,
    /// A word boundary, or (`false`) none.
    Boundary(bool),
    Group(Vec<Vec<Node>>, Option<usize>),
    /// Look-around: the alternatives, whether ahead, whether they must match.
    Look(Vec<Vec<Node>>, bool, bool),
    Back(usize),
    Repeat(Box<Node>, usize, usize, bool),
}

#[derive(Debug)]
enum ClassItem {
    Range(char, char),
    Kind(char),
}

struct Parser<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
    groups: usize,
    depth: usize,
}

fn parse(pattern: &str) -> Option<(Vec<Node>, usize)> {
    let mut parser = Parser { chars: pattern.chars().peekable(), groups: 0, depth: 0 };
    let alternatives = parser.alternatives()?;
    if parser.chars.next().is_some() {
        return None;
    }
    Some((vec![Node::Group(alternatives, None)], parser.groups))
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Option<Vec<Vec<Node>>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut list = vec![Vec::new()];
        while let Some(c) = self.chars.peek().copied() {
            match c {
                ')' => break,
                '|' => {
                    self.chars.next();
                    list.push(Vec::new());
                }
                _ => {
                    let node = self.repeated()?;
                    list.last_mut()?.push(node);
                }
            }
        }
        self.depth -= 1;
        Some(list)
    }

    fn repeated(&mut self) -> Option<Node> {
        let mut node = self.atom()?;
        while let Some(c) = self.chars.peek().copied() {
            let (least, most) = match c {
                '*' => (0, usize::MAX),
                '+' => (1, usize::MAX),
                '?' => (0, 1),
                '{' => {
                    let (least, most) = self.bounds()?;
                    let lazy = self.chars.next_if_eq(&'?').is_some();
                    node = Node::Repeat(Box::new(node), least, most, lazy);
                    continue;
                }
                _ => break,
            };
            self.chars.next();
            let lazy = self.chars.next_if_eq(&'?').is_some();
            node = Node::Repeat(Box::new(node), least, most, lazy);
        }
        Some(node)
    }

    fn bounds(&mut self) -> Option<(usize, usize)> {
        self.chars.next();
        let mut inner = String::new();
        loop {
            match self.chars.next()? {
                '}' => break,
                c => inner.push(c),
            }
        }
        let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number <= 1_000);
        match inner.split_once(',') {
            None => number(&inner).map(|number| (number, number)),
            Some((least, "")) => Some((number(least)?, usize::MAX)),
            Some(("", most)) => Some((0, number(most)?)),
            Some((least, most)) => Some((number(least)?, number(most)?)),
        }
    }

    fn atom(&mut self) -> Option<Node> {
        Some(match self.chars.next()? {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '[' => self.class()?,
            '\\' => match self.chars.next()? {
                kind @ ('d' | 'D' | 'w' | 'W' | 's' | 'S') => {
                    Node::Class(vec![ClassItem::Kind(kind)], false)
                }
                'b' => Node::Boundary(true),
                'B' => Node::Boundary(false),
                'A' => Node::Start,
                'Z' => Node::End,
                'n' => Node::Char('\n'),
                't' => Node::Char('\t'),
                digit if digit.is_ascii_digit() => Node::Back(digit.to_digit(10)? as usize),
                c if c.is_alphanumeric() => return None,
                c => Node::Char(c),
            },
            '(' => {
                let node = if self.chars.next_if_eq(&'?').is_some() {
                    match self.chars.next()? {
                        ':' => Node::Group(self.alternatives()?, None),
                        '=' => Node::Look(self.alternatives()?, true, true),
                        '!' => Node::Look(self.alternatives()?, true, false),
                        '<' => match self.chars.next()? {
                            '=' => Node::Look(self.alternatives()?, false, true),
                            '!' => Node::Look(self.alternatives()?, false, false),
                            _ => return None,
                        },
                        'P' => {
                            if self.chars.next()? != '<' {
                                return None;
                            }
                            while self.chars.next()? != '>' {}
                            self.groups += 1;
                            let number = self.groups;
                            Node::Group(self.alternatives()?, Some(number))
                        }
                        _ => return None,
                    }
                } else {
                    self.groups += 1;
                    let number = self.groups;
                    Node::Group(self.alternatives()?, Some(number))
                };
                if self.chars.next()? != ')' {
                    return None;
                }
                node
            }
            '*' | '+' | '?' | ')' => return None,
            c => Node::Char(c),
        })
    }

    fn class(&mut self) -> Option<Node> {
        let negated = self.chars.next_if_eq(&'^').is_some();
        let mut items = Vec::new();
        loop {
            let c = match self.chars.next()? {
                ']' if !items.is_empty() => return Some(Node::Class(items, negated)),
                '\\' => match self.chars.next()? {
                    kind @ ('d' | 'D' | 'w' | 'W' | 's' | 'S') => {
                        items.push(ClassItem::Kind(kind));
                        continue;
                    }
                    'n' => '\n',
                    't' => '\t',
                    c => c,
                },
                c => c,
            };
            if self.chars.peek() == Some(&'-') {
                self.chars.next();
                match self.chars.peek().copied()? {
                    ']' => {
                        items.push(ClassItem::Range(c, c));
                        items.push(ClassItem::Range('-', '-'));
                    }
                    end => {
                        self.chars.next();
                        items.push(ClassItem::Range(c, end));
                    }
                }
            } else {
                items.push(ClassItem::Range(c, c));
            }
        }
    }
}

struct Run<'a> {
    chars: &'a [char],
    groups: Vec<Option<(usize, usize)>>,
    steps: usize,
}

type Then<'t, 'a> = &'t mut dyn FnMut(&mut Run<'a>, usize) -> Option<usize>;

impl<'a> Run<'a> {
    /// Matches the nodes from `at`, then what follows; gives what that gave.
    fn sequence(&mut self, nodes: &[Node], at: usize, then: Then<'_, 'a>) -> Option<usize> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return None;
        }
        let Some((node, rest)) = nodes.split_first() else { return then(self, at) };
        self.node(node, at, &mut |run, at| run.sequence(rest, at, then))
    }

    fn node(&mut self, node: &Node, at: usize, then: Then<'_, 'a>) -> Option<usize> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return None;
        }
        match node {
            Node::Char(c) => {
                if self.chars.get(at) == Some(c) {
                    then(self, at + 1)
                } else {
                    None
                }
            }
            Node::Any => match self.chars.get(at) {
                Some(c) if *c != '\n' => then(self, at + 1),
                _ => None,
            },
            Node::Class(items, negated) => {
                let c = *self.chars.get(at)?;
                if items.iter().any(|item| item.has(c)) == *negated {
                    None
                } else {
                    then(self, at + 1)
                }
            }
            Node::Start => {
                if at == 0 {
                    then(self, at)
                } else {
                    None
                }
            }
            Node::End => {
                let last = at + 1 == self.chars.len() && self.chars.get(at) == Some(&'\n');
                if at == self.chars.len() || last { then(self, at) } else { None }
            }
            Node::Boundary(wanted) => {
                let before = at.checked_sub(1).and_then(|at| self.chars.get(at));
                let is_word = |c: Option<&char>| c.is_some_and(|c| word(*c));
                let boundary = is_word(before) != is_word(self.chars.get(at));
                if boundary == *wanted { then(self, at) } else { None }
            }
            Node::Group(alternatives, number) => {
                for nodes in alternatives {
                    let before =
                        number.and_then(|number| self.groups.get(number).copied()).flatten();
                    let found = self.sequence(nodes, at, &mut |run, end| {
                        let outer =
                            number.and_then(|number| run.groups.get(number).copied()).flatten();
                        run.set(*number, Some((at, end)));
                        let found = then(run, end);
                        if found.is_none() {
                            run.set(*number, outer);
                        }
                        found
                    });
                    if found.is_some() {
                        return found;
                    }
                    self.set(*number, before);
                }
                None
            }
            Node::Look(alternatives, ahead, wanted) => {
                let found = if *ahead {
                    alternatives
                        .iter()
                        .any(|nodes| self.sequence(nodes, at, &mut |_, end| Some(end)).is_some())
                } else {
                    (0..=at).rev().any(|from| {
                        alternatives.iter().any(|nodes| {
                            self.sequence(nodes, from, &mut |_, end| (end == at).then_some(end))
                                .is_some()
                        })
                    })
                };
                if found == *wanted { then(self, at) } else { None }
            }
            Node::Back(number) => {
                let (from, to) = self.groups.get(*number).copied().flatten()?;
                let same =
                    (from..to).zip(at..).all(|(a, b)| self.chars.get(a) == self.chars.get(b));
                if same { then(self, at + to - from) } else { None }
            }
            Node::Repeat(inner, least, most, lazy) => {
                self.repeat(inner, (*least, *most, *lazy), at, 0, then)
            }
        }
    }

    fn repeat(
        &mut self,
        inner: &Node,
        (least, most, lazy): (usize, usize, bool),
        at: usize,
        count: usize,
        then: Then<'_, 'a>,
    ) -> Option<usize> {
        self.steps += 1;
        // Repetition recurses once a character; names are short.
        if self.steps > MAX_STEPS || count > 2_000 {
            self.steps = MAX_STEPS + 1;
            return None;
        }
        if lazy && count >= least {
            let found = then(self, at);
            if found.is_some() {
                return found;
            }
        }
        if count < most {
            let found = self.node(inner, at, &mut |run, end| {
                if end == at && count >= least {
                    return None;
                }
                run.repeat(inner, (least, most, lazy), end, count + 1, then)
            });
            if found.is_some() {
                return found;
            }
        }
        if !lazy && count >= least { then(self, at) } else { None }
    }

    fn set(&mut self, number: Option<usize>, value: Option<(usize, usize)>) {
        if let Some(place) = number.and_then(|number| self.groups.get_mut(number)) {
            *place = value;
        }
    }
}

impl ClassItem {
    fn has(&self, c: char) -> bool {
        match self {
            Self::Range(from, to) => (*from..=*to).contains(&c),
            Self::Kind('d') => c.is_ascii_digit(),
            Self::Kind('D') => !c.is_ascii_digit(),
            Self::Kind('w') => word(c),
            Self::Kind('W') => !word(c),
            Self::Kind('s') => c.is_whitespace(),
            Self::Kind(_) => !c.is_whitespace(),
        }
    }
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, replacement: &str, text: &str, expect: &str) {
        assert_eq!(replace(pattern, replacement, text).as_deref(), Some(expect), "{pattern}");
    }

    #[test]
    fn class_names_become_table_names() {
        check("(?<!^)(?=[A-Z])", "_", "CareTeamMember", "Care_Team_Member");
        check("(.)([A-Z][a-z]+)", r"\1_\2", "CareTeamHTTP", "Care_TeamHTTP");
        check("([a-z0-9])([A-Z])", r"\1_\2", "CareTeam2Go", "Care_Team2_Go");
        check(r"([A-Z]+)([A-Z][a-z])", r"\g<1>_\g<2>", "HTTPServer", "HTTP_Server");
        check("[A-Z]", r"_\g<0>", "aBc", "a_Bc");
        check(r"[^a-z0-9]+", "-", "a b  c!", "a-b-c-");
        check("(?:a|bc)+?x", "-", "abcx", "-");
        check("x*", "-", "abxd", "-a-b--d-");
        check(r"\bcat\b", "dog", "cat scat cat", "dog scat dog");
    }

    #[test]
    fn what_is_not_understood_or_too_long_is_none() {
        assert_eq!(replace("(?P=x)", "", "a"), None);
        assert_eq!(replace("(a", "", "a"), None);
        assert_eq!(replace("(a*)*b", "", &"a".repeat(60)), None);
        assert_eq!(find("^a+$", "aaa", false, false), Some(true));
        assert_eq!(find("b", "abc", true, false), Some(false));
    }
}
