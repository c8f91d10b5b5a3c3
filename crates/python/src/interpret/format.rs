//! The text of values: `str()`, `repr()`, f-strings, `str.format` and `%`.

use std::rc::Rc;

use schemaward_catalog::Origin;

use super::operate::enum_value;
use super::{Args, Eval, Host, Interp, MAX_STRING, Value};
use crate::text::Text;

impl Interp<'_> {
    /// The text of a value, as `str()` gives it.
    pub(crate) fn text_of(
        &mut self,
        host: &mut dyn Host,
        value: &Value,
        origin: Origin,
    ) -> Eval<Value> {
        Ok(match value {
            Value::Str(_) | Value::Unknown(_) => value.clone(),
            Value::None | Value::Bool(_) | Value::Int(_) => {
                let mut text = Text::default();
                text.push_from(&format!("{value:?}"), origin);
                Value::str(text)
            }
            Value::Float(number) => Value::str(float_text(*number)),
            Value::Instance(instance) => {
                if instance.class.find("__str__").is_some() {
                    let method = self.attribute(host, value, "__str__", origin)?;
                    return self.call(host, &method, Args::default(), origin);
                }
                if let Some(path) = super::library::path_of(value) {
                    return Ok(Value::str(path));
                }
                if instance.class.extends(&["StrEnum"])
                    && let Some(found) = enum_value(value)
                {
                    return Ok(found);
                }
                let attributes = instance.attributes.borrow();
                match attributes.get("_name_").and_then(Value::as_str) {
                    Some(name) => Value::str(format!("{}.{name}", instance.class.name)),
                    None => Value::unknown(format!("the text of {value:?}"), origin),
                }
            }
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Set(_) => {
                self.repr(value, origin)
            }
            Value::Symbol(_) => {
                if let Some(path) = super::library::path_of(value) {
                    return Ok(Value::str(path));
                }
                // `str(text("…"))` is the SQL itself.
                match value.call() {
                    Some((callee, args)) if callee.last_name() == Some("text") => {
                        args.value(0, "text").cloned().unwrap_or(Value::None)
                    }
                    _ => Value::unknown(format!("the text of {value:?} is not known"), origin),
                }
            }
            other => Value::unknown(format!("the text of {other:?} is not known"), origin),
        })
    }

    /// The text of a value, as `repr()` gives it.
    pub(super) fn repr(&mut self, value: &Value, origin: Origin) -> Value {
        let mut text = Text::default();
        match repr_into(value, &mut text, 0) {
            Ok(()) => Value::str(text),
            Err(()) => Value::unknown(format!("the text of {value:?} is not known"), origin),
        }
    }

    /// A value in an f-string or `str.format`.
    pub(super) fn format(
        &mut self,
        host: &mut dyn Host,
        value: &Value,
        conversion: Option<char>,
        format: &str,
        origin: Origin,
    ) -> Eval<Value> {
        let value = match conversion {
            Some('r' | 'a') => self.repr(value, origin),
            _ => match (value, format.is_empty()) {
                (Value::Int(_) | Value::Float(_), false) => value.clone(),
                // A member of an enumeration that is a string formats as its value.
                (Value::Instance(instance), _)
                    if instance.class.is_string_enum()
                        && instance.class.extends(&["str", "StrEnum"]) =>
                {
                    match (instance.class.extends(&["StrEnum"]), enum_value(value)) {
                        (true, Some(found)) => found,
                        _ => self.text_of(host, value, origin)?,
                    }
                }
                _ => self.text_of(host, value, origin)?,
            },
        };
        if format.is_empty() {
            return Ok(value);
        }
        Ok(match value {
            Value::Str(text) => match pad(text.as_str(), format) {
                Some(padded) if padded == text.as_str() => Value::Str(text),
                Some(padded) => Value::str(text.computed(padded)),
                None => Value::unknown(format!("the format `{format}` is not known"), origin),
            },
            Value::Int(number) => match format_integer(number, format) {
                Some(text) => {
                    let mut result = Text::default();
                    result.push_from(&text, origin);
                    Value::str(result)
                }
                None => Value::unknown(format!("the format `{format}` is not known"), origin),
            },
            Value::Unknown(_) => value,
            _ => Value::unknown(format!("the format `{format}` is not known"), origin),
        })
    }

    /// A text with its `%` filled in; `None` where that is not decided.
    pub(crate) fn percent_format(
        &mut self,
        host: &mut dyn Host,
        format: &Text,
        values: &Value,
        origin: Origin,
    ) -> Option<Text> {
        match self.percent(host, &Rc::new(format.clone()), values, origin) {
            Ok(Value::Str(text)) => Some(Text::clone(&text)),
            _ => None,
        }
    }

    /// `"… %s …" % values`.
    pub(super) fn percent(
        &mut self,
        host: &mut dyn Host,
        format: &Rc<Text>,
        values: &Value,
        origin: Origin,
    ) -> Eval<Value> {
        let list: Vec<Value> = match values {
            Value::Tuple(values) => values.to_vec(),
            other => vec![other.clone()],
        };
        let mut next = list.into_iter();
        let mut result = Text::default();
        let mut unknown = None;
        let written = format.as_str();
        let mut at = 0;
        while let Some(found) = written.get(at..).and_then(|rest| rest.find('%')) {
            let start = at + found;
            result.push(&format.slice(at, start));
            let rest = written.get(start + 1..).unwrap_or_default();
            let (name, rest_at) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')'))
            {
                Some((name, _)) => (Some(name), start + 1 + name.len() + 2),
                None => (None, start + 1),
            };
            let after = written.get(rest_at..).unwrap_or_default();
            let flags =
                after.bytes().take_while(|b| b.is_ascii_digit() || b"-+ .#".contains(b)).count();
            let Some(kind) = after.get(flags..).and_then(|rest| rest.chars().next()) else {
                return Ok(Value::unknown("the format ends in `%`", origin));
            };
            at = rest_at + flags + kind.len_utf8();
            if kind == '%' {
                result.push_str("%");
                continue;
            }
            let value = match name {
                Some(name) => match values {
                    Value::Dict(dict) => dict.borrow().get_str(name).cloned(),
                    _ => None,
                },
                None => next.next(),
            };
            let Some(value) = value else {
                return Ok(Value::unknown("the format wants values that are not there", origin));
            };
            let text = match kind {
                'r' | 'a' => self.repr(&value, origin),
                's' | 'd' | 'i' if flags == 0 => self.text_of(host, &value, origin)?,
                'd' | 'i' => {
                    let flags = after.get(..flags).unwrap_or_default();
                    self.format(host, &value, None, &format!("{flags}d"), origin)?
                }
                _ => Value::unknown(format!("the format `%{kind}` is not known"), origin),
            };
            match text {
                Value::Str(text) => result.push(&text),
                other => {
                    result.push(&other.known_text().unwrap_or_else(|| super::GAP.into()));
                    unknown = unknown.or(Some(other));
                }
            }
            if result.len() > MAX_STRING {
                return Ok(Value::unknown("the string is too long", origin));
            }
        }
        result.push(&format.slice(at, written.len()));
        Ok(match unknown {
            Some(value) => value.in_text(result, origin),
            None => Value::str(result),
        })
    }
}

fn float_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e16 {
        format!("{number:.1}")
    } else {
        format!("{number}")
    }
}

fn repr_into(value: &Value, text: &mut Text, depth: usize) -> Result<(), ()> {
    if depth > 32 || text.len() > MAX_STRING {
        return Err(());
    }
    let sequence = |values: &[Value], text: &mut Text, open: &str, close: &str| {
        text.push_str(open);
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                text.push_str(", ");
            }
            repr_into(value, text, depth + 1)?;
        }
        text.push_str(close);
        Ok(())
    };
    match value {
        Value::None | Value::Bool(_) | Value::Int(_) => text.push_str(&format!("{value:?}")),
        Value::Float(number) => text.push_str(&float_text(*number)),
        Value::Str(inner) => {
            let quote = if inner.as_str().contains('\'') && !inner.as_str().contains('"') {
                "\""
            } else {
                "'"
            };
            text.push_str(quote);
            let plain = !inner.as_str().contains(['\\', '\n', '\r', '\t'])
                && !inner.as_str().contains(quote);
            if plain {
                text.push(inner);
            } else {
                let escaped = inner.as_str().replace('\\', "\\\\").replace('\n', "\\n");
                let escaped = escaped.replace('\r', "\\r").replace('\t', "\\t");
                text.push(&inner.computed(escaped.replace(quote, &format!("\\{quote}"))));
            }
            text.push_str(quote);
        }
        Value::List(values) => return sequence(&values.borrow(), text, "[", "]"),
        Value::Tuple(values) if values.len() == 1 => return sequence(values, text, "(", ",)"),
        Value::Tuple(values) => return sequence(values, text, "(", ")"),
        Value::Set(values) => return sequence(&values.borrow().keys(), text, "{", "}"),
        Value::Dict(dict) => {
            text.push_str("{");
            for (at, (key, value)) in dict.borrow().entries().iter().enumerate() {
                if at > 0 {
                    text.push_str(", ");
                }
                repr_into(key, text, depth + 1)?;
                text.push_str(": ");
                repr_into(value, text, depth + 1)?;
            }
            text.push_str("}");
        }
        _ => return Err(()),
    }
    Ok(())
}

/// A string in the width that a format asks for.
fn pad(text: &str, format: &str) -> Option<String> {
    let format = format.strip_suffix('s').unwrap_or(format);
    let mut chars = format.chars();
    let (fill, align, width) = match (chars.next(), chars.next()) {
        (Some(fill), Some(align @ ('<' | '>' | '^'))) => {
            (fill, align, format.get(fill.len_utf8() + 1..)?)
        }
        (Some(align @ ('<' | '>' | '^')), _) => (' ', align, format.get(1..)?),
        _ => (' ', '<', format),
    };
    if width.is_empty() {
        return Some(text.to_owned());
    }
    let width: usize = width.parse().ok().filter(|width| *width < 1_000)?;
    let missing = width.saturating_sub(text.chars().count());
    let left = match align {
        '>' => missing,
        '^' => missing / 2,
        _ => 0,
    };
    let spaces = |count: usize| fill.to_string().repeat(count);
    Some(format!("{}{text}{}", spaces(left), spaces(missing - left)))
}

/// An integer in the form that a format asks for.
fn format_integer(number: i64, format: &str) -> Option<String> {
    let (format, kind) = match format.chars().last()? {
        kind @ ('d' | 'x' | 'X' | 'b' | 'o' | ',') => (format.get(..format.len() - 1)?, kind),
        _ => (format, 'd'),
    };
    let digits = match kind {
        'x' => format!("{number:x}"),
        'X' => format!("{number:X}"),
        'b' => format!("{number:b}"),
        'o' => format!("{number:o}"),
        ',' => {
            let plain = number.unsigned_abs().to_string();
            let mut grouped = String::new();
            for (at, digit) in plain.chars().enumerate() {
                if at > 0 && (plain.len() - at).is_multiple_of(3) {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            format!("{}{grouped}", if number < 0 { "-" } else { "" })
        }
        _ => number.to_string(),
    };
    match format.strip_prefix('0') {
        Some(width) => {
            let width: usize =
                if width.is_empty() { 0 } else { width.parse().ok().filter(|it| *it < 100)? };
            let (sign, digits) =
                digits.strip_prefix('-').map_or(("", digits.as_str()), |rest| ("-", rest));
            Some(format!(
                "{sign}{}{digits}",
                "0".repeat(width.saturating_sub(digits.len() + sign.len()))
            ))
        }
        None if format.is_empty() => Some(digits),
        None => {
            let format = if format.starts_with(['<', '>', '^']) {
                format.to_owned()
            } else {
                format!(">{format}")
            };
            pad(&digits, &format)
        }
    }
}
