//! Methods of strings, lists, dictionaries and sets.

use std::rc::Rc;

use schemaward_catalog::Origin;

use super::expr::undecided;
use super::operate::index;
use super::{Args, Eval, Host, Interp, MAX_ITEMS, MAX_STRING, Value};
use crate::text::Text;

impl Interp<'_> {
    pub(super) fn call_method(
        &mut self,
        host: &mut dyn Host,
        object: &Value,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Value> {
        match object {
            Value::Str(text) => self.string_method(host, text, name, args, origin),
            Value::List(_) => self.list_method(host, object, name, args, origin),
            Value::Dict(_) => self.dict_method(host, object, name, args, origin),
            Value::Set(_) => self.set_method(host, object, name, args, origin),
            Value::Tuple(values) => {
                let list = Value::list(values.to_vec());
                match name {
                    "index" | "count" => self.list_method(host, &list, name, args, origin),
                    _ => Ok(Value::unknown(format!("a tuple's `{name}`"), origin)),
                }
            }
            Value::Bytes(bytes) => Ok(match name {
                "decode" => Value::str(String::from_utf8_lossy(bytes).into_owned()),
                _ => Value::unknown(format!("bytes' `{name}`"), origin),
            }),
            // `str.lower`, `dict.fromkeys`: a method taken from its type.
            Value::Builtin("dict") if name == "fromkeys" => {
                let keys = args.value(0, "iterable").cloned().unwrap_or(Value::None);
                let value = args.value(1, "value").cloned().unwrap_or(Value::None);
                Ok(match self.items(host, &keys, origin) {
                    Some(keys) => Value::dict(keys.into_iter().map(|key| (key, value.clone()))),
                    None => undecided(&keys, origin),
                })
            }
            Value::Builtin(_) => {
                let mut rest = args.clone();
                if rest.list.first().is_some_and(|arg| arg.name.is_none()) {
                    let receiver = rest.list.remove(0).value;
                    if !matches!(receiver, Value::Builtin(_)) {
                        return self.call_method(host, &receiver, name, &rest, origin);
                    }
                }
                Ok(Value::unknown(format!("{object:?}.{name}"), origin))
            }
            Value::Unknown(_) => Ok(object.clone()),
            other => {
                let message = format!("`{}` of {}", name, other.type_name());
                Ok(Value::unknown(message, origin))
            }
        }
    }

    fn string_method(
        &mut self,
        host: &mut dyn Host,
        text: &Rc<Text>,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Value> {
        let value = text.as_str();
        let list: Vec<Value> = args.positional().map(|arg| arg.value.clone()).collect();
        if let Some(found) = list.iter().find(|value| value.is_unknown()) {
            return Ok(found.clone());
        }
        let first = list.first().and_then(Value::as_str);
        let unknown = || Value::unknown(format!("what a string's `{name}` gives"), origin);
        // A changed text stems from where the text did.
        let computed = |changed: String| {
            if changed == value {
                Value::Str(Rc::clone(text))
            } else {
                Value::str(text.computed(changed))
            }
        };
        let ends = |test: &dyn Fn(&str) -> bool| match list.first() {
            Some(Value::Str(part)) => Value::Bool(test(part.as_str())),
            Some(Value::Tuple(parts)) => {
                Value::Bool(parts.iter().filter_map(Value::as_str).any(test))
            }
            _ => unknown(),
        };
        let strip = |left: bool, right: bool| {
            let inside = |c: char| match first {
                Some(chars) => chars.contains(c),
                None => c.is_whitespace(),
            };
            let mut start = 0;
            let mut end = value.len();
            if left {
                start = end - value.trim_start_matches(inside).len();
            }
            if right {
                end = start + value.get(start..).unwrap_or_default().trim_end_matches(inside).len();
            }
            Value::str(text.slice(start, end))
        };
        Ok(match name {
            "lower" | "casefold" => computed(value.to_lowercase()),
            "upper" => computed(value.to_uppercase()),
            "title" => computed(title(value)),
            "capitalize" => {
                let mut chars = value.chars();
                let first = chars.next().map(|first| first.to_uppercase().collect::<String>());
                computed(first.unwrap_or_default() + &chars.as_str().to_lowercase())
            }
            "swapcase" => computed(
                value
                    .chars()
                    .map(|c| {
                        if c.is_lowercase() {
                            c.to_ascii_uppercase()
                        } else {
                            c.to_ascii_lowercase()
                        }
                    })
                    .collect(),
            ),
            "strip" => strip(true, true),
            "lstrip" => strip(true, false),
            "rstrip" => strip(false, true),
            "removeprefix" => match first {
                Some(prefix) if value.starts_with(prefix) => {
                    Value::str(text.slice(prefix.len(), value.len()))
                }
                _ => Value::Str(Rc::clone(text)),
            },
            "removesuffix" => match first {
                Some(suffix) if value.ends_with(suffix) => {
                    Value::str(text.slice(0, value.len() - suffix.len()))
                }
                _ => Value::Str(Rc::clone(text)),
            },
            "startswith" => ends(&|part| value.starts_with(part)),
            "endswith" => ends(&|part| value.ends_with(part)),
            "find" | "index" => match first.map(|part| value.find(part)) {
                Some(Some(at)) => {
                    let at = value.get(..at).unwrap_or_default().chars().count();
                    Value::Int(i64::try_from(at).unwrap_or(i64::MAX))
                }
                Some(None) if name == "find" => Value::Int(-1),
                Some(None) => {
                    return Err(self.raise("ValueError", "substring not found".to_owned(), origin));
                }
                None => unknown(),
            },
            "count" => match first {
                Some(part) if !part.is_empty() => {
                    Value::Int(i64::try_from(value.matches(part).count()).unwrap_or(i64::MAX))
                }
                _ => unknown(),
            },
            "replace" => match (first, list.get(1).and_then(Value::text)) {
                (Some(old), Some(new)) if !old.is_empty() => {
                    let limit = match args.value(2, "count") {
                        Some(Value::Int(limit)) if *limit >= 0 => {
                            usize::try_from(*limit).unwrap_or(usize::MAX)
                        }
                        _ => usize::MAX,
                    };
                    let mut result = Text::default();
                    let mut at = 0;
                    for (found, _) in value.match_indices(old).take(limit) {
                        result.push(&text.slice(at, found));
                        result.push(new);
                        at = found + old.len();
                        if result.len() > MAX_STRING {
                            return Ok(unknown());
                        }
                    }
                    result.push(&text.slice(at, value.len()));
                    Value::str(result)
                }
                _ => unknown(),
            },
            "join" => {
                let Some(over) = list.first() else { return Ok(unknown()) };
                let Some(items) = self.items(host, over, origin) else {
                    return Ok(undecided(over, origin));
                };
                let mut result = Text::default();
                for (at, item) in items.iter().enumerate() {
                    let item = match item {
                        Value::Str(_) => item.clone(),
                        other => super::operate::enum_value(other).unwrap_or_else(|| other.clone()),
                    };
                    let Some(item) = item.text() else { return Ok(undecided(&item, origin)) };
                    if at > 0 {
                        result.push(text);
                    }
                    result.push(item);
                    if result.len() > MAX_STRING {
                        return Ok(unknown());
                    }
                }
                Value::str(result)
            }
            "split" | "rsplit" => {
                let limit = match args.value(1, "maxsplit") {
                    Some(Value::Int(limit)) if *limit >= 0 => {
                        usize::try_from(*limit).unwrap_or(usize::MAX)
                    }
                    _ => usize::MAX,
                };
                let ranges = match args.value(0, "sep") {
                    Some(Value::Str(separator)) if !separator.is_empty() => {
                        split(value, separator.as_str(), limit, name == "rsplit")
                    }
                    None | Some(Value::None) if limit == usize::MAX => words(value),
                    _ => return Ok(unknown()),
                };
                Value::list(
                    ranges.into_iter().map(|(from, to)| Value::str(text.slice(from, to))).collect(),
                )
            }
            "splitlines" => {
                let mut at = 0;
                let mut lines = Vec::new();
                for line in value.split_inclusive('\n') {
                    let end = at + line.trim_end_matches(['\n', '\r']).len();
                    lines.push(Value::str(text.slice(at, end)));
                    at += line.len();
                }
                Value::list(lines)
            }
            "partition" | "rpartition" => {
                let found = match (first, name) {
                    (Some(part), "partition") => value.find(part).map(|at| (at, part.len())),
                    (Some(part), _) => value.rfind(part).map(|at| (at, part.len())),
                    (None, _) => return Ok(unknown()),
                };
                let part = |from, to| Value::str(text.slice(from, to));
                Value::tuple(match found {
                    Some((at, length)) => {
                        vec![part(0, at), part(at, at + length), part(at + length, value.len())]
                    }
                    None if name == "partition" => {
                        vec![Value::Str(Rc::clone(text)), Value::str(""), Value::str("")]
                    }
                    None => vec![Value::str(""), Value::str(""), Value::Str(Rc::clone(text))],
                })
            }
            "format" => self.format_method(host, text, args, origin)?,
            "format_map" => match list.first() {
                Some(Value::Dict(dict)) => {
                    let dict = dict.borrow();
                    let list = dict.entries().iter().filter_map(|(key, value)| {
                        let name = Some(key.as_str()?.to_owned());
                        Some(super::Arg { name, value: value.clone(), origin })
                    });
                    let args = Args { list: list.collect(), more: false };
                    self.format_method(host, text, &args, origin)?
                }
                _ => unknown(),
            },
            "encode" => Value::Bytes(value.as_bytes().into()),
            "isupper" => Value::Bool(cased(value, char::is_uppercase)),
            "islower" => Value::Bool(cased(value, char::is_lowercase)),
            "isdigit" | "isnumeric" | "isdecimal" => {
                Value::Bool(!value.is_empty() && value.chars().all(char::is_numeric))
            }
            "isalpha" => Value::Bool(!value.is_empty() && value.chars().all(char::is_alphabetic)),
            "isalnum" => Value::Bool(!value.is_empty() && value.chars().all(char::is_alphanumeric)),
            "isspace" => Value::Bool(!value.is_empty() && value.chars().all(char::is_whitespace)),
            "isidentifier" => Value::Bool(
                value.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
                    && value.chars().all(|c| c.is_alphanumeric() || c == '_'),
            ),
            "zfill" | "ljust" | "rjust" | "center" => match list.first() {
                Some(Value::Int(width)) => {
                    let width = usize::try_from(*width).unwrap_or_default().min(10_000);
                    let fill =
                        list.get(1).and_then(Value::as_str).and_then(|fill| fill.chars().next());
                    let fill = fill.unwrap_or(if name == "zfill" { '0' } else { ' ' });
                    let missing = width.saturating_sub(value.chars().count());
                    let left = match name {
                        "ljust" => 0,
                        "center" => missing / 2,
                        _ => missing,
                    };
                    let pad = |count: usize| fill.to_string().repeat(count);
                    let mut result = Text::from(pad(left));
                    result.push(text);
                    result.push_str(&pad(missing - left));
                    Value::str(result)
                }
                _ => unknown(),
            },
            _ => unknown(),
        })
    }

    /// `"{} {name}".format(…)`.
    fn format_method(
        &mut self,
        host: &mut dyn Host,
        text: &Rc<Text>,
        args: &Args,
        origin: Origin,
    ) -> Eval<Value> {
        let written = text.as_str();
        let mut result = Text::default();
        let mut at = 0;
        let mut next = 0;
        while let Some(found) = written.get(at..).and_then(|rest| rest.find(['{', '}'])) {
            let start = at + found;
            result.push(&text.slice(at, start));
            let rest = written.get(start..).unwrap_or_default();
            if rest.starts_with("{{") || rest.starts_with("}}") {
                result.push(&text.slice(start, start + 1));
                at = start + 2;
                continue;
            }
            let Some(end) = rest.find('}').filter(|_| rest.starts_with('{')) else {
                return Ok(Value::unknown("the format has a single brace", origin));
            };
            let field = rest.get(1..end).unwrap_or_default();
            at = start + end + 1;
            let (field, format) = field.split_once(':').unwrap_or((field, ""));
            let (field, conversion) = match field.split_once('!') {
                Some((field, conversion)) => (field, conversion.chars().next()),
                None => (field, None),
            };
            let name_end = field.find(['.', '[']).unwrap_or(field.len());
            let (name, path) = field.split_at(name_end);
            let arg = if name.is_empty() {
                next += 1;
                args.at(next - 1)
            } else if let Ok(number) = name.parse::<usize>() {
                args.at(number)
            } else {
                args.named(name)
            };
            let Some(arg) = arg else {
                return Ok(Value::unknown(
                    format!("the format wants `{field}`, which is not known"),
                    origin,
                ));
            };
            let mut value = arg.value.clone();
            let from = arg.origin;
            let mut path = path;
            while !path.is_empty() {
                if let Some(rest) = path.strip_prefix('.') {
                    let end = rest.find(['.', '[']).unwrap_or(rest.len());
                    let (name, rest) = rest.split_at(end);
                    value = self.attribute(host, &value, name, origin)?;
                    path = rest;
                } else if let Some((key, rest)) =
                    path.strip_prefix('[').and_then(|it| it.split_once(']'))
                {
                    let key = key.parse().map_or_else(|_| Value::str(key), Value::Int);
                    value = self.subscript(host, &value, &key, origin)?;
                    path = rest;
                } else {
                    return Ok(Value::unknown(format!("the format's field `{field}`"), origin));
                }
            }
            match self.format(host, &value, conversion, format, from)? {
                Value::Str(part) => result.push(&part),
                other => return Ok(undecided(&other, origin)),
            }
            if result.len() > MAX_STRING {
                return Ok(Value::unknown("the string is too long", origin));
            }
        }
        result.push(&text.slice(at, written.len()));
        Ok(Value::str(result))
    }

    fn list_method(
        &mut self,
        host: &mut dyn Host,
        object: &Value,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Value> {
        let Value::List(list) = object else { return Ok(Value::None) };
        let first = args.at(0).map(|arg| arg.value.clone());
        let full = list.borrow().len() >= MAX_ITEMS;
        Ok(match (name, first) {
            ("append", Some(value)) if !full => {
                list.borrow_mut().push(value);
                Value::None
            }
            ("extend", Some(value)) if !full => {
                match self.items(host, &value, origin) {
                    Some(items) => list.borrow_mut().extend(items),
                    None => list.borrow_mut().push(undecided(&value, origin)),
                }
                Value::None
            }
            ("insert", Some(Value::Int(at))) if !full => {
                let length = list.borrow().len();
                let at = index(at, length).unwrap_or(if at < 0 { 0 } else { length });
                let value = args.at(1).map_or(Value::None, |arg| arg.value.clone());
                list.borrow_mut().insert(at, value);
                Value::None
            }
            ("pop", at) => {
                let length = list.borrow().len();
                let at = match at {
                    Some(Value::Int(at)) => index(at, length),
                    Some(_) => None,
                    None => length.checked_sub(1),
                };
                match at {
                    Some(at) => list.borrow_mut().remove(at),
                    None => {
                        return Err(self.raise("IndexError", "pop from a list".to_owned(), origin));
                    }
                }
            }
            ("remove" | "index", Some(value)) => {
                let items = list.borrow().to_vec();
                for (at, item) in items.iter().enumerate() {
                    let same = self.equal(host, item, &value, origin)?;
                    if self.truth(host, &same) == Some(true) {
                        if name == "index" {
                            return Ok(Value::Int(i64::try_from(at).unwrap_or(i64::MAX)));
                        }
                        list.borrow_mut().remove(at);
                        return Ok(Value::None);
                    }
                }
                return Err(self.raise("ValueError", "not in the list".to_owned(), origin));
            }
            ("count", Some(value)) => {
                let items = list.borrow().to_vec();
                let mut count = 0;
                for item in &items {
                    let same = self.equal(host, item, &value, origin)?;
                    count += i64::from(self.truth(host, &same) == Some(true));
                }
                Value::Int(count)
            }
            ("sort", _) => {
                let items = list.borrow().to_vec();
                if let Value::List(sorted) = self.sort(host, items, args, origin)? {
                    let sorted = sorted.borrow().to_vec();
                    **list.borrow_mut() = sorted;
                }
                Value::None
            }
            ("reverse", _) => {
                list.borrow_mut().reverse();
                Value::None
            }
            ("clear", _) => {
                list.borrow_mut().clear();
                Value::None
            }
            ("copy", _) => Value::list(list.borrow().to_vec()),
            _ => Value::unknown(format!("a list's `{name}`"), origin),
        })
    }

    fn dict_method(
        &mut self,
        host: &mut dyn Host,
        object: &Value,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Value> {
        let Value::Dict(dict) = object else { return Ok(Value::None) };
        let key = args.at(0).map(|arg| arg.value.clone());
        let default = args.value(1, "default").cloned();
        Ok(match (name, key) {
            ("get" | "pop" | "setdefault", Some(key)) => {
                if let Value::Unknown(_) = key {
                    return Ok(key);
                }
                let found = dict.borrow().get(&key).cloned();
                match (found, name) {
                    (Some(value), "pop") => {
                        dict.borrow_mut().remove(&key);
                        value
                    }
                    (Some(value), _) => value,
                    (None, "setdefault") => {
                        let value = default.unwrap_or(Value::None);
                        dict.borrow_mut().set(key, value.clone());
                        value
                    }
                    (None, "pop") if default.is_none() => {
                        return Err(self.raise("KeyError", format!("{key:?}"), origin));
                    }
                    (None, _) => default.unwrap_or(Value::None),
                }
            }
            ("items", _) => Value::list(
                dict.borrow()
                    .entries()
                    .iter()
                    .map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()]))
                    .collect(),
            ),
            ("keys", _) => Value::list(dict.borrow().keys()),
            ("values", _) => Value::list(
                dict.borrow().entries().iter().map(|(_, value)| value.clone()).collect(),
            ),
            ("update", other) => {
                let mut entries = match other {
                    Some(Value::Dict(other)) => other.borrow().entries().to_vec(),
                    Some(other) => {
                        let items = self.items(host, &other, origin).unwrap_or_default();
                        let mut entries = Vec::new();
                        for item in items {
                            if let Some([key, value]) = self.items(host, &item, origin).as_deref() {
                                entries.push((key.clone(), value.clone()));
                            }
                        }
                        entries
                    }
                    None => Vec::new(),
                };
                entries.extend(
                    args.keywords().map(|(name, arg)| (Value::str(name), arg.value.clone())),
                );
                for (key, value) in entries {
                    if dict.borrow().len() < MAX_ITEMS {
                        dict.borrow_mut().set(key, value);
                    }
                }
                Value::None
            }
            ("copy", _) => Value::dict(dict.borrow().entries().iter().cloned()),
            ("clear", _) => {
                dict.borrow_mut().clear();
                Value::None
            }
            _ => Value::unknown(format!("a dictionary's `{name}`"), origin),
        })
    }

    fn set_method(
        &mut self,
        host: &mut dyn Host,
        object: &Value,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Value> {
        let Value::Set(set) = object else { return Ok(Value::None) };
        let first = args.at(0).map(|arg| arg.value.clone());
        let other = match &first {
            Some(value) if !matches!(name, "add" | "discard" | "remove") => {
                match self.items(host, value, origin) {
                    Some(items) => items,
                    None => return Ok(undecided(value, origin)),
                }
            }
            _ => Vec::new(),
        };
        let own = set.borrow().keys();
        let others = Value::set(other.iter().cloned());
        let Value::Set(others) = &others else { return Ok(Value::None) };
        let others = others.borrow();
        Ok(match (name, first) {
            ("add", Some(value)) => {
                if set.borrow().get(&value).is_none() && own.len() < MAX_ITEMS {
                    set.borrow_mut().set(value, Value::None);
                }
                Value::None
            }
            ("discard" | "remove", Some(value)) => {
                set.borrow_mut().remove(&value);
                Value::None
            }
            ("update", _) => {
                for value in other {
                    if set.borrow().get(&value).is_none() {
                        set.borrow_mut().set(value, Value::None);
                    }
                }
                Value::None
            }
            ("union", _) => Value::set(own.into_iter().chain(other)),
            ("intersection", _) => {
                Value::set(own.into_iter().filter(|it| others.get(it).is_some()))
            }
            ("difference", _) => Value::set(own.into_iter().filter(|it| others.get(it).is_none())),
            ("issubset", _) => Value::Bool(own.iter().all(|it| others.get(it).is_some())),
            ("issuperset", _) => Value::Bool(other.iter().all(|it| set.borrow().get(it).is_some())),
            ("isdisjoint", _) => Value::Bool(own.iter().all(|it| others.get(it).is_none())),
            ("copy", _) => Value::set(own),
            ("clear", _) => {
                set.borrow_mut().clear();
                Value::None
            }
            _ => Value::unknown(format!("a set's `{name}`"), origin),
        })
    }
}

fn title(value: &str) -> String {
    let mut result = String::with_capacity(value.len());
    let mut inside = false;
    for c in value.chars() {
        if inside {
            result.extend(c.to_lowercase());
        } else {
            result.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    result
}

fn cased(value: &str, is: impl Fn(char) -> bool) -> bool {
    let mut letters = value.chars().filter(|c| c.is_lowercase() || c.is_uppercase()).peekable();
    letters.peek().is_some() && letters.all(is)
}

/// The byte ranges between separators.
fn split(value: &str, separator: &str, limit: usize, from_right: bool) -> Vec<(usize, usize)> {
    let found: Vec<usize> = if from_right {
        let mut found: Vec<usize> =
            value.rmatch_indices(separator).take(limit).map(|(at, _)| at).collect();
        found.reverse();
        found
    } else {
        value.match_indices(separator).take(limit).map(|(at, _)| at).collect()
    };
    let mut ranges = Vec::with_capacity(found.len() + 1);
    let mut start = 0;
    for at in found {
        ranges.push((start, at));
        start = at + separator.len();
    }
    ranges.push((start, value.len()));
    ranges
}

/// The byte ranges of words between white space.
fn words(value: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut start = None;
    for (at, c) in value.char_indices() {
        match (c.is_whitespace(), start) {
            (true, Some(from)) => {
                ranges.push((from, at));
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    ranges.extend(start.map(|from| (from, value.len())));
    ranges
}
