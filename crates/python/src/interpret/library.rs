//! The few parts of the standard library that build names and SQL: text, paths, regular
//! expressions, iteration.

use std::fmt::Write as _;
use std::rc::Rc;

use schemaward_catalog::{Origin, Span};

use super::expr::undecided;
use super::{Args, Eval, Host, Interp, SymbolKind, Value, regex};
use crate::text::Text;

impl Interp<'_> {
    /// What a call of the standard library gives, where it is one of those that are evaluated.
    pub(super) fn call_library(
        &mut self,
        host: &mut dyn Host,
        callee: &Value,
        args: &Args,
        origin: Origin,
    ) -> Eval<Option<Value>> {
        let Some(symbol) = callee.symbol() else { return Ok(None) };
        match &symbol.kind {
            SymbolKind::Name(name) => {
                let name = name.clone();
                self.call_name(host, &name, args, origin)
            }
            SymbolKind::Attribute(object, method) if path_of(object).is_some() => {
                let base = path_of(object).unwrap_or_default();
                let method = method.clone();
                Ok(self.path_method(&base, &method, args, origin))
            }
            // A function with some of its arguments.
            SymbolKind::Call(partial, given) if partial.path() == Some("functools.partial") => {
                let Some(function) = given.value(0, "func").cloned() else { return Ok(None) };
                let mut list = given.list.clone();
                list.remove(0);
                list.extend(args.list.iter().cloned());
                Ok(Some(self.call(host, &function, Args { list, more: args.more }, origin)?))
            }
            SymbolKind::Attribute(object, method) => {
                let Some((kind, given)) = object.call() else { return Ok(None) };
                match (kind.path(), method.as_str()) {
                    (Some("re.compile"), "sub") => {
                        let mut list = given.list.clone();
                        list.extend(args.list.iter().cloned());
                        self.call_name(host, "re.sub", &Args { list, more: args.more }, origin)
                    }
                    // The file that was opened, or what stands for the part of it that is known.
                    (Some("open"), "read") => Ok(given.list.first().map(|arg| arg.value.clone())),
                    (Some("open"), "close") => Ok(Some(Value::None)),
                    _ => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    fn call_name(
        &mut self,
        host: &mut dyn Host,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Option<Value>> {
        let first = args.at(0).map(|arg| arg.value.clone());
        if let Some(value @ Value::Unknown(_)) = &first
            && matches!(name.split('.').next(), Some("textwrap" | "re" | "os" | "pathlib"))
        {
            return Ok(Some(value.clone()));
        }
        if let ("os.environ.get" | "os.getenv", Some(default)) = (name, args.value(1, "default")) {
            let default = default.clone();
            self.note(origin, super::expr::ENVIRONMENT, false);
            return Ok(Some(default));
        }
        Ok(match (name, first) {
            ("textwrap.dedent" | "inspect.cleandoc", Some(Value::Str(text))) => {
                Some(Value::str(dedent(&text)))
            }
            ("textwrap.indent", Some(Value::Str(text))) => {
                let prefix =
                    args.value(1, "prefix").and_then(Value::as_str).unwrap_or_default().to_owned();
                let mut result = Text::default();
                let mut at = 0;
                for line in text.as_str().split_inclusive('\n') {
                    if !line.trim().is_empty() {
                        result.push_str(&prefix);
                    }
                    result.push(&text.slice(at, at + line.len()));
                    at += line.len();
                }
                Some(Value::str(result))
            }
            ("urllib.parse.quote" | "urllib.parse.quote_plus", Some(Value::Str(text))) => {
                let safe = args.value(1, "safe").and_then(Value::as_str);
                let plus = name.ends_with("plus");
                let safe = safe.unwrap_or(if plus { "" } else { "/" });
                Some(Value::str(text.computed(percent_encoded(text.as_str(), safe, plus))))
            }
            ("re.sub", Some(pattern)) => {
                let replacement = args.value(1, "repl").and_then(Value::as_str);
                let text = args.value(2, "string").and_then(Value::text);
                match (pattern.as_str(), replacement, text) {
                    (Some(pattern), Some(replacement), Some(text)) => {
                        Some(match regex::replace(pattern, replacement, text.as_str()) {
                            Some(result) => Value::str(text.computed(result)),
                            None => Value::unknown(
                                format!("the regular expression `{pattern}`"),
                                origin,
                            ),
                        })
                    }
                    _ => Some(Value::unknown(
                        "a regular expression with values that are not known",
                        origin,
                    )),
                }
            }
            ("re.split" | "re.findall", Some(pattern)) if args.positional().count() == 2 => {
                let text = args.value(1, "string").and_then(Value::text);
                let parts = match (pattern.as_str(), text) {
                    (Some(pattern), Some(text)) => if name == "re.split" {
                        regex::split(pattern, text.as_str())
                    } else {
                        regex::find_all(pattern, text.as_str())
                    }
                    .map(|parts| parts.into_iter().map(|part| Value::str(text.computed(part)))),
                    _ => None,
                };
                Some(match parts {
                    Some(parts) => Value::list(parts.collect()),
                    None => Value::unknown(format!("the regular expression {pattern:?}"), origin),
                })
            }
            ("re.match" | "re.search" | "re.fullmatch", Some(pattern)) => {
                let text = args.value(1, "string").and_then(Value::as_str);
                match (pattern.as_str(), text) {
                    (Some(pattern), Some(text)) => {
                        match regex::find(
                            pattern,
                            text,
                            name != "re.search",
                            name == "re.fullmatch",
                        ) {
                            Some(true) => None,
                            Some(false) => Some(Value::None),
                            None => Some(Value::unknown(
                                format!("the regular expression `{pattern}`"),
                                origin,
                            )),
                        }
                    }
                    _ => None,
                }
            }
            ("os.path.join", Some(first)) => {
                let mut path = path_of(&first).or_else(|| first.as_str().map(ToOwned::to_owned));
                for arg in args.positional().skip(1) {
                    let part = arg.value.as_str();
                    path = path.zip(part).map(|(path, part)| join(&path, part));
                }
                Some(path.map_or_else(|| undecided(&first, origin), Value::str))
            }
            ("os.path.dirname", Some(path)) => path.as_str().map(|path| Value::str(parent(path))),
            ("os.path.basename", Some(path)) => {
                path.as_str().map(|path| Value::str(path.rsplit('/').next().unwrap_or_default()))
            }
            (
                "os.path.abspath" | "os.path.realpath" | "os.path.normpath" | "os.fspath",
                Some(path),
            ) => {
                let path = path_of(&path).or_else(|| path.as_str().map(ToOwned::to_owned));
                path.map(|path| Value::str(join(&path, "")))
            }
            ("os.path.exists" | "os.path.isfile", Some(path)) => {
                let path = path_of(&path).or_else(|| path.as_str().map(ToOwned::to_owned));
                path.map(|path| self.exists(&path, origin))
            }
            ("pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath", Some(first)) => {
                let mut path = path_of(&first).or_else(|| first.as_str().map(ToOwned::to_owned));
                for arg in args.positional().skip(1) {
                    path = path.zip(arg.value.as_str()).map(|(path, part)| join(&path, part));
                }
                path.map(|found| self.path(&found, origin))
            }
            ("io.open" | "codecs.open", Some(path)) => Some(self.open(&path, origin)),
            ("itertools.chain", _) => {
                let mut all = Vec::new();
                for arg in args.positional() {
                    match self.items(host, &arg.value, origin) {
                        Some(items) => all.extend(items),
                        None => return Ok(Some(undecided(&arg.value, origin))),
                    }
                }
                Some(Value::list(all))
            }
            ("itertools.chain.from_iterable", Some(lists)) => {
                let mut all = Vec::new();
                for list in self.items(host, &lists, origin).unwrap_or_default() {
                    match self.items(host, &list, origin) {
                        Some(items) => all.extend(items),
                        None => return Ok(Some(undecided(&list, origin))),
                    }
                }
                Some(Value::list(all))
            }
            ("itertools.product", Some(_)) => {
                let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
                for arg in args.positional() {
                    let Some(items) = self.items(host, &arg.value, origin) else {
                        return Ok(Some(undecided(&arg.value, origin)));
                    };
                    if rows.len().saturating_mul(items.len()) > super::MAX_ITEMS {
                        return Ok(Some(Value::unknown("a product of too many values", origin)));
                    }
                    rows = rows
                        .iter()
                        .flat_map(|row| {
                            items
                                .iter()
                                .map(|item| row.iter().cloned().chain([item.clone()]).collect())
                        })
                        .collect();
                }
                Some(Value::list(rows.into_iter().map(Value::tuple).collect()))
            }
            ("collections.OrderedDict", _) => Some(self.call_builtin(host, "dict", args, origin)?),
            ("copy.copy" | "copy.deepcopy", Some(value)) => Some(match value {
                Value::List(list) => Value::list(list.borrow().to_vec()),
                Value::Dict(dict) => Value::dict(dict.borrow().entries().iter().cloned()),
                other => other,
            }),
            ("typing.cast", _) => args.at(1).map(|arg| arg.value.clone()),
            ("sys.intern", value) => value,
            // Decorators that hand back what they are given.
            ("functools.wraps" | "functools.lru_cache" | "functools.cache", _) => {
                Some(Value::Builtin("staticmethod"))
            }
            (
                "contextlib.suppress"
                | "contextlib.nullcontext"
                | "warnings.warn"
                | "logging.info"
                | "logging.warning",
                _,
            ) => Some(Value::None),
            _ => None,
        })
    }

    /// What an attribute of the standard library is, where it is known.
    pub(super) fn library_attribute(
        &mut self,
        object: &Value,
        name: &str,
        origin: Origin,
    ) -> Option<Value> {
        if let Some(path) = path_of(object) {
            return match name {
                "parent" => Some(self.path(&parent(&path), origin)),
                "parents" => {
                    let mut list = Vec::new();
                    let mut path = path;
                    while !path.is_empty() && list.len() < 64 {
                        path = parent(&path);
                        list.push(self.path(&path, origin));
                    }
                    Some(Value::tuple(list))
                }
                "name" => Some(Value::str(path.rsplit('/').next().unwrap_or_default())),
                "stem" => {
                    let name = path.rsplit('/').next().unwrap_or_default();
                    Some(Value::str(name.rsplit_once('.').map_or(name, |(stem, _)| stem)))
                }
                _ => None,
            };
        }
        match (object.path()?, name) {
            ("typing" | "typing_extensions", "TYPE_CHECKING") => Some(Value::Bool(false)),
            ("os", "sep") => Some(Value::str("/")),
            _ => None,
        }
    }

    /// A path of `pathlib`.
    pub(super) fn path(&self, path: &str, origin: Origin) -> Value {
        let name = self.name("pathlib.Path", origin);
        let list = vec![super::Arg { name: None, value: Value::str(path), origin }];
        self.symbol(SymbolKind::Call(name, Args { list, more: false }), origin)
    }

    fn path_method(
        &mut self,
        path: &str,
        method: &str,
        args: &Args,
        origin: Origin,
    ) -> Option<Value> {
        match method {
            "read_text" => Some(self.read(path, origin)),
            "open" => Some(self.open(&Value::str(path), origin)),
            "resolve" | "absolute" | "expanduser" => Some(self.path(path, origin)),
            "joinpath" => {
                let mut path = path.to_owned();
                for arg in args.positional() {
                    path = join(&path, arg.value.as_str()?);
                }
                Some(self.path(&path, origin))
            }
            "with_name" => {
                let path = join(&parent(path), args.at(0)?.value.as_str()?);
                Some(self.path(&path, origin))
            }
            "with_suffix" => {
                let suffix = args.at(0)?.value.as_str()?;
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                let path = join(folder, &format!("{stem}{suffix}"));
                Some(self.path(&path, origin))
            }
            "exists" | "is_file" => Some(self.exists(path, origin)),
            "as_posix" => Some(Value::str(path)),
            // The files of a folder, in the order of their names.
            "glob" => {
                let pattern = args.at(0)?.value.as_str()?;
                let suffix = pattern.strip_prefix('*')?.to_owned();
                let folder = join(path, "");
                let mut found: Vec<String> = self
                    .others
                    .iter()
                    .map(|file| file.path)
                    .filter(|file| parent(file) == folder && file.ends_with(&suffix))
                    .map(ToOwned::to_owned)
                    .collect();
                found.sort();
                Some(Value::list(found.iter().map(|path| self.path(path, origin)).collect()))
            }
            _ => None,
        }
    }

    /// `open(path)`: what `read` gives is already there.
    pub(super) fn open(&mut self, path: &Value, origin: Origin) -> Value {
        let Some(path) = path_of(path).or_else(|| path.as_str().map(ToOwned::to_owned)) else {
            return undecided(path, origin);
        };
        let text = self.read(&path, origin);
        let name = self.name("open", origin);
        let list = vec![super::Arg { name: None, value: text, origin }];
        self.symbol(SymbolKind::Call(name, Args { list, more: false }), origin)
    }

    /// Whether a file is there: one that was not given may be.
    fn exists(&self, path: &str, origin: Origin) -> Value {
        match self.find_other(path) {
            Some(_) => Value::Bool(true),
            None => Value::unknown(format!("the file `{path}` was not given"), origin),
        }
    }

    /// The text of a file that was given.
    fn read(&mut self, path: &str, origin: Origin) -> Value {
        let Some(at) = self.find_other(path) else {
            return Value::unknown(format!("the file `{path}` was not given"), origin);
        };
        let Some(file) = self.others.get(at) else { return Value::None };
        self.used.insert(file.source);
        let span = Span::new(0, u32::try_from(file.text.len()).unwrap_or(u32::MAX));
        Value::str(Text::written(file.text, Origin { source: file.source, span }, true))
    }

    /// The file of a path, which may lie in a folder above the given ones.
    fn find_other(&self, path: &str) -> Option<usize> {
        let path = join(path, "");
        let exact = self.others.iter().position(|file| join(file.path, "") == path);
        exact.or_else(|| {
            let ends = |file: &&super::OtherFile<'_>| {
                let given = join(file.path, "");
                path.strip_suffix(given.as_str()).is_some_and(|rest| rest.ends_with('/'))
                    || given.strip_suffix(path.as_str()).is_some_and(|rest| rest.ends_with('/'))
            };
            let mut found = self.others.iter().enumerate().filter(|(_, file)| ends(file));
            let first = found.next()?.0;
            found.next().is_none().then_some(first)
        })
    }
}

/// The path that a value of `pathlib` stands for.
pub(super) fn path_of(value: &Value) -> Option<String> {
    let (callee, args) = value.call()?;
    if callee.path() != Some("pathlib.Path") {
        return None;
    }
    match args.list.as_slice() {
        [arg] => arg.value.as_str().map(ToOwned::to_owned),
        _ => None,
    }
}

/// Two parts of a path as one, without `.` and `..` where they can be taken back.
pub(super) fn join(base: &str, path: &str) -> String {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{base}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let root = if base.starts_with('/') || path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

fn parent(path: &str) -> String {
    path.rsplit_once('/').map_or(String::new(), |(parent, _)| parent.to_owned())
}

/// A text without the margin that all its lines share.
fn dedent(text: &Rc<Text>) -> Text {
    let value = text.as_str();
    let margin = value
        .split('\n')
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    let mut result = Text::default();
    let mut at = 0;
    for line in value.split_inclusive('\n') {
        let end = at + line.len();
        if line.trim().is_empty() {
            // A line of white space becomes an empty one.
            let newline = end - usize::from(line.ends_with('\n'));
            result.push(&text.slice(newline, end));
        } else {
            result.push(&text.slice((at + margin).min(end), end));
        }
        at = end;
    }
    result
}

/// A text as part of an address; a blank is a `+` in what is asked for.
fn percent_encoded(text: &str, safe: &str, plus: bool) -> String {
    let mut result = String::new();
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "_.-~".contains(c) || (byte < 0x80 && safe.contains(c)) {
            result.push(c);
        } else if plus && c == ' ' {
            result.push('+');
        } else {
            let _ = write!(result, "%{byte:02X}");
        }
    }
    result
}
