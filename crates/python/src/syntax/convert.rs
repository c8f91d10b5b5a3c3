//! Ruff's tree to ours. Nothing outside this file sees Ruff's types.

use std::rc::Rc;

use ruff_python_ast as ast;
use ruff_python_ast::StringFlags as _;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};
use schemaward_catalog::Span;

use super::string::{Escapes, parts};
use super::{
    Alias, Argument, ArgumentKind, BinaryOp, Case, ClassDef, CompareOp, Comprehension,
    ComprehensionClause, ComprehensionKind, Expr, ExprKind, FormatPart, FunctionDef, Handler,
    Module, Parameter, ParameterKind, Pattern, Stmt, StmtKind, StringPart, SyntaxError, UnaryOp,
    guard,
};

/// Expressions within each other, beyond which the inner ones are not read.
const MAX_DEPTH: usize = 150;

/// What is said of an expression that is nested deeper.
const TOO_DEEP: &str = "it is nested too deep";

/// Reads a file. Never fails: what is no Python is an error with its place, the rest is read.
pub(crate) fn parse_module(text: &str) -> Module {
    let (text, mut errors) = guard::guarded(text);
    let text = text.as_ref();
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
    errors.extend(
        parsed.errors().iter().map(|error| SyntaxError {
            message: error.error.to_string(),
            span: span(error.location),
        }),
    );
    let mut convert = Convert { text, shift: 0, depth: 0, yields: false };
    let body = match parsed.syntax() {
        ast::Mod::Module(module) => convert.body(&module.body),
        ast::Mod::Expression(_) => Vec::new(),
    };
    Module { body, errors }
}

/// Reads the text of one expression (an annotation in quotes) that stands at byte `at` of its file.
pub(crate) fn parse_expression(text: &str, at: u32) -> Option<Expr> {
    if !guard::guarded(text).1.is_empty() {
        return None;
    }
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Expression));
    if !parsed.errors().is_empty() {
        return None;
    }
    let mut convert = Convert { text, shift: at, depth: 0, yields: false };
    match parsed.syntax() {
        ast::Mod::Expression(expression) => Some(convert.expr(&expression.body)),
        ast::Mod::Module(_) => None,
    }
}

fn span(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

struct Convert<'a> {
    text: &'a str,
    /// Added to every offset.
    shift: u32,
    depth: usize,
    /// Whether the function in hand yields.
    yields: bool,
}

impl Convert<'_> {
    fn span(&self, range: TextRange) -> Span {
        let found = span(range);
        Span::new(found.start + self.shift, found.end + self.shift)
    }

    fn body(&mut self, statements: &[ast::Stmt]) -> Vec<Stmt> {
        statements.iter().map(|statement| self.stmt(statement)).collect()
    }

    fn stmt(&mut self, statement: &ast::Stmt) -> Stmt {
        let kind = match statement {
            ast::Stmt::Expr(it) => StmtKind::Expr(self.expr(&it.value)),
            ast::Stmt::Assign(it) => {
                StmtKind::Assign(self.exprs(&it.targets), self.expr(&it.value))
            }
            ast::Stmt::AugAssign(it) => {
                StmtKind::AugAssign(self.expr(&it.target), binary(it.op), self.expr(&it.value))
            }
            ast::Stmt::AnnAssign(it) => StmtKind::AnnAssign {
                target: self.expr(&it.target),
                annotation: Rc::new(self.expr(&it.annotation)),
                value: self.option(it.value.as_deref()),
            },
            ast::Stmt::FunctionDef(it) => StmtKind::FunctionDef(Rc::new(self.function(it))),
            ast::Stmt::ClassDef(it) => StmtKind::ClassDef(Rc::new(ClassDef {
                name: it.name.id.to_string(),
                name_span: self.span(it.name.range),
                arguments: it.arguments.as_deref().map_or_else(Vec::new, |it| self.arguments(it)),
                decorators: it.decorator_list.iter().map(|it| self.expr(&it.expression)).collect(),
                body: self.body(&it.body),
                span: self.span(it.range),
            })),
            ast::Stmt::Return(it) => StmtKind::Return(self.option(it.value.as_deref())),
            ast::Stmt::Delete(it) => StmtKind::Delete(self.exprs(&it.targets)),
            ast::Stmt::For(it) => StmtKind::For {
                target: self.expr(&it.target),
                iter: self.expr(&it.iter),
                body: self.body(&it.body),
                orelse: self.body(&it.orelse),
            },
            ast::Stmt::While(it) => StmtKind::While {
                test: self.expr(&it.test),
                body: self.body(&it.body),
                orelse: self.body(&it.orelse),
            },
            ast::Stmt::If(it) => {
                let mut branches = vec![(self.expr(&it.test), self.body(&it.body))];
                let mut otherwise = Vec::new();
                for clause in &it.elif_else_clauses {
                    let body = self.body(&clause.body);
                    match &clause.test {
                        Some(test) => branches.push((self.expr(test), body)),
                        None => otherwise = body,
                    }
                }
                StmtKind::If(branches, otherwise)
            }
            ast::Stmt::With(it) => {
                let items = it.items.iter().map(|item| {
                    let target = item.optional_vars.as_deref();
                    (self.expr(&item.context_expr), target.map(|target| self.expr(target)))
                });
                let items = items.collect();
                StmtKind::With(items, self.body(&it.body))
            }
            ast::Stmt::Match(it) => {
                let cases = it.cases.iter().map(|case| Case {
                    pattern: self.pattern(&case.pattern),
                    guard: self.option(case.guard.as_deref()),
                    body: self.body(&case.body),
                });
                let cases = cases.collect();
                StmtKind::Match(self.expr(&it.subject), cases)
            }
            ast::Stmt::Raise(it) => StmtKind::Raise(self.option(it.exc.as_deref())),
            ast::Stmt::Try(it) => {
                let handlers = it.handlers.iter().map(|handler| {
                    let ast::ExceptHandler::ExceptHandler(handler) = handler;
                    Handler {
                        kind: self.option(handler.type_.as_deref()),
                        name: handler.name.as_ref().map(|name| name.id.to_string()),
                        body: self.body(&handler.body),
                    }
                });
                let handlers = handlers.collect();
                StmtKind::Try {
                    body: self.body(&it.body),
                    handlers,
                    orelse: self.body(&it.orelse),
                    finally: self.body(&it.finalbody),
                }
            }
            ast::Stmt::Assert(_) => StmtKind::Assert,
            ast::Stmt::Import(it) => StmtKind::Import(self.aliases(&it.names)),
            ast::Stmt::ImportFrom(it) => StmtKind::ImportFrom {
                module: it.module.as_ref().map(|name| name.id.to_string()).unwrap_or_default(),
                level: it.level,
                names: self.aliases(&it.names),
            },
            ast::Stmt::Global(it) => StmtKind::Outer(names(&it.names)),
            ast::Stmt::Nonlocal(it) => StmtKind::Outer(names(&it.names)),
            ast::Stmt::TypeAlias(it) => {
                StmtKind::TypeAlias(self.expr(&it.name), Rc::new(self.expr(&it.value)))
            }
            ast::Stmt::Pass(_) => StmtKind::Pass,
            ast::Stmt::Break(_) => StmtKind::Break,
            ast::Stmt::Continue(_) => StmtKind::Continue,
            ast::Stmt::IpyEscapeCommand(_) => StmtKind::Other,
        };
        Stmt { kind, span: self.span(statement.range()) }
    }

    fn aliases(&self, aliases: &[ast::Alias]) -> Vec<Alias> {
        let aliases = aliases.iter().map(|alias| Alias {
            name: alias.name.id.to_string(),
            as_name: alias.asname.as_ref().map(|name| name.id.to_string()),
            span: self.span(alias.range),
        });
        aliases.collect()
    }

    fn function(&mut self, it: &ast::StmtFunctionDef) -> FunctionDef {
        let outer = std::mem::replace(&mut self.yields, false);
        let body = self.body(&it.body);
        let generator = std::mem::replace(&mut self.yields, outer);
        FunctionDef {
            name: it.name.id.to_string(),
            name_span: self.span(it.name.range),
            parameters: self.parameters(&it.parameters),
            decorators: it.decorator_list.iter().map(|it| self.expr(&it.expression)).collect(),
            body,
            returns: it.returns.as_deref().map(|it| Rc::new(self.expr(it))),
            generator,
        }
    }

    fn parameters(&mut self, it: &ast::Parameters) -> Vec<Parameter> {
        let mut list = Vec::new();
        let groups = [
            (&it.posonlyargs, ParameterKind::Positional),
            (&it.args, ParameterKind::Any),
            (&it.kwonlyargs, ParameterKind::KeywordOnly),
        ];
        for (group, kind) in groups {
            if kind == ParameterKind::KeywordOnly {
                list.extend(it.vararg.iter().map(|rest| Parameter {
                    name: rest.name.id.to_string(),
                    kind: ParameterKind::Rest,
                    default: None,
                }));
            }
            for parameter in group {
                list.push(Parameter {
                    name: parameter.parameter.name.id.to_string(),
                    kind,
                    default: self.option(parameter.default.as_deref()),
                });
            }
        }
        list.extend(it.kwarg.iter().map(|rest| Parameter {
            name: rest.name.id.to_string(),
            kind: ParameterKind::KeywordRest,
            default: None,
        }));
        list
    }

    fn arguments(&mut self, it: &ast::Arguments) -> Vec<Argument> {
        let mut list: Vec<(TextRange, Argument)> = Vec::new();
        for value in &it.args {
            let argument = match value {
                ast::Expr::Starred(rest) => {
                    Argument { kind: ArgumentKind::Rest, value: self.expr(&rest.value) }
                }
                _ => Argument { kind: ArgumentKind::Positional, value: self.expr(value) },
            };
            list.push((value.range(), argument));
        }
        for keyword in &it.keywords {
            let kind = match &keyword.arg {
                Some(name) => ArgumentKind::Keyword(name.id.to_string()),
                None => ArgumentKind::KeywordRest,
            };
            list.push((keyword.range, Argument { kind, value: self.expr(&keyword.value) }));
        }
        list.sort_by_key(|(range, _)| range.start());
        list.into_iter().map(|(_, argument)| argument).collect()
    }

    fn pattern(&mut self, pattern: &ast::Pattern) -> Pattern {
        match pattern {
            ast::Pattern::MatchValue(it) => Pattern::Value(self.expr(&it.value)),
            ast::Pattern::MatchSingleton(it) => {
                let kind = match it.value {
                    ast::Singleton::None => ExprKind::None,
                    ast::Singleton::True => ExprKind::Bool(true),
                    ast::Singleton::False => ExprKind::Bool(false),
                };
                Pattern::Value(Expr { kind, span: self.span(it.range) })
            }
            ast::Pattern::MatchOr(it) => {
                Pattern::Or(it.patterns.iter().map(|it| self.pattern(it)).collect())
            }
            ast::Pattern::MatchAs(it) if it.pattern.is_none() => {
                Pattern::Capture(it.name.as_ref().map(|name| name.id.to_string()))
            }
            ast::Pattern::MatchSequence(it) => {
                Pattern::Sequence(it.patterns.iter().map(|it| self.pattern(it)).collect())
            }
            _ => Pattern::Other,
        }
    }

    fn option(&mut self, expr: Option<&ast::Expr>) -> Option<Expr> {
        expr.map(|expr| self.expr(expr))
    }

    fn boxed(&mut self, expr: &ast::Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn exprs(&mut self, list: &[ast::Expr]) -> Vec<Expr> {
        list.iter().map(|expr| self.expr(expr)).collect()
    }

    fn expr(&mut self, expr: &ast::Expr) -> Expr {
        let span = self.span(expr.range());
        if self.depth >= MAX_DEPTH {
            return Expr { kind: ExprKind::Unread(TOO_DEEP), span };
        }
        self.depth += 1;
        let kind = self.kind(expr);
        self.depth -= 1;
        Expr { kind, span }
    }

    fn kind(&mut self, expr: &ast::Expr) -> ExprKind {
        match expr {
            ast::Expr::NoneLiteral(_) => ExprKind::None,
            ast::Expr::EllipsisLiteral(_) => ExprKind::Ellipsis,
            ast::Expr::BooleanLiteral(it) => ExprKind::Bool(it.value),
            ast::Expr::NumberLiteral(it) => match &it.value {
                ast::Number::Int(int) => match int.as_i64() {
                    Some(value) => ExprKind::Int(value),
                    None => ExprKind::Number(int.to_string(), None),
                },
                ast::Number::Float(value) => {
                    let written = self.text.get(expr.range().to_std_range()).unwrap_or_default();
                    ExprKind::Number(written.to_owned(), Some(*value))
                }
                ast::Number::Complex { .. } => ExprKind::Unread("a complex number"),
            },
            ast::Expr::StringLiteral(it) => {
                ExprKind::Str(it.value.iter().flat_map(|part| self.literal(part)).collect())
            }
            ast::Expr::BytesLiteral(it) => ExprKind::Bytes(it.value.bytes().collect()),
            ast::Expr::FString(it) => {
                let mut list = Vec::new();
                for part in &it.value {
                    match part {
                        ast::FStringPart::Literal(it) => {
                            list.extend(self.literal(it).into_iter().map(FormatPart::Literal));
                        }
                        ast::FStringPart::FString(it) => {
                            let raw = it.flags.prefix().is_raw();
                            self.format_parts(&it.elements, raw, &mut list);
                        }
                    }
                }
                ExprKind::FString(list)
            }
            ast::Expr::TString(_) => ExprKind::Unread("a template string"),
            ast::Expr::Name(it) => ExprKind::Name(it.id.to_string()),
            ast::Expr::Attribute(it) => {
                ExprKind::Attribute(self.boxed(&it.value), it.attr.id.to_string())
            }
            ast::Expr::Subscript(it) => {
                ExprKind::Subscript(self.boxed(&it.value), self.boxed(&it.slice))
            }
            ast::Expr::Slice(it) => {
                let mut part =
                    |part: &Option<Box<ast::Expr>>| part.as_deref().map(|part| self.boxed(part));
                ExprKind::Slice(part(&it.lower), part(&it.upper), part(&it.step))
            }
            ast::Expr::Call(it) => {
                ExprKind::Call(self.boxed(&it.func), self.arguments(&it.arguments))
            }
            ast::Expr::BinOp(_) => self.binary(expr),
            ast::Expr::UnaryOp(it) => {
                let op = match it.op {
                    ast::UnaryOp::Not => UnaryOp::Not,
                    ast::UnaryOp::USub => UnaryOp::Minus,
                    ast::UnaryOp::UAdd => UnaryOp::Plus,
                    ast::UnaryOp::Invert => UnaryOp::Invert,
                };
                ExprKind::Unary(op, self.boxed(&it.operand))
            }
            ast::Expr::BoolOp(it) => {
                let values = self.exprs(&it.values);
                match it.op {
                    ast::BoolOp::And => ExprKind::And(values),
                    ast::BoolOp::Or => ExprKind::Or(values),
                }
            }
            ast::Expr::Compare(it) => {
                let first = self.boxed(&it.left);
                let rest = it.ops.iter().zip(&it.comparators);
                let rest = rest.map(|(op, value)| (compare(*op), self.expr(value)));
                ExprKind::Compare(first, rest.collect())
            }
            ast::Expr::If(it) => {
                ExprKind::If(self.boxed(&it.body), self.boxed(&it.test), self.boxed(&it.orelse))
            }
            ast::Expr::Lambda(it) => {
                let outer = self.yields;
                let body = self.expr(&it.body);
                self.yields = outer;
                let parameters = it.parameters.as_deref();
                let parameters = parameters.map_or_else(Vec::new, |it| self.parameters(it));
                let whole = self.span(it.range);
                ExprKind::Lambda(Rc::new(FunctionDef {
                    name: "<lambda>".to_owned(),
                    name_span: whole,
                    parameters,
                    decorators: Vec::new(),
                    body: vec![Stmt { span: body.span, kind: StmtKind::Return(Some(body)) }],
                    returns: None,
                    generator: false,
                }))
            }
            ast::Expr::List(it) => ExprKind::List(self.exprs(&it.elts)),
            ast::Expr::Tuple(it) => ExprKind::Tuple(self.exprs(&it.elts)),
            ast::Expr::Set(it) => ExprKind::Set(self.exprs(&it.elts)),
            ast::Expr::Dict(it) => {
                let items = it.items.iter();
                let items = items.map(|it| (self.option(it.key.as_ref()), self.expr(&it.value)));
                ExprKind::Dict(items.collect())
            }
            ast::Expr::ListComp(it) => {
                self.comprehension(ComprehensionKind::List, &it.elt, None, &it.generators)
            }
            ast::Expr::SetComp(it) => {
                self.comprehension(ComprehensionKind::Set, &it.elt, None, &it.generators)
            }
            ast::Expr::Generator(it) => {
                self.comprehension(ComprehensionKind::Generator, &it.elt, None, &it.generators)
            }
            ast::Expr::DictComp(it) => match it.key.as_deref() {
                Some(key) => self.comprehension(
                    ComprehensionKind::Dict,
                    key,
                    Some(&it.value),
                    &it.generators,
                ),
                None => ExprKind::Unread("a comprehension without keys"),
            },
            ast::Expr::Named(it) => match it.target.as_ref() {
                ast::Expr::Name(name) => {
                    ExprKind::Named(name.id.to_string(), self.boxed(&it.value))
                }
                _ => ExprKind::Unread("an assignment to no name"),
            },
            ast::Expr::Starred(it) => ExprKind::Starred(self.boxed(&it.value)),
            ast::Expr::Await(it) => ExprKind::Await(self.boxed(&it.value)),
            ast::Expr::Yield(it) => {
                self.yields = true;
                ExprKind::Yield(it.value.as_deref().map(|it| self.boxed(it)))
            }
            ast::Expr::YieldFrom(it) => {
                self.yields = true;
                let value = self.expr(&it.value);
                let span = value.span;
                let starred = Expr { kind: ExprKind::Starred(Box::new(value)), span };
                ExprKind::Yield(Some(Box::new(starred)))
            }
            ast::Expr::IpyEscapeCommand(_) => ExprKind::Unread("a command of a notebook"),
        }
    }

    /// A chain of operators, without recursing along it.
    fn binary(&mut self, expr: &ast::Expr) -> ExprKind {
        let mut rest = Vec::new();
        let mut first = expr;
        while let ast::Expr::BinOp(it) = first {
            rest.push((binary(it.op), &it.right));
            first = &it.left;
        }
        let first = self.boxed(first);
        let rest = rest.into_iter().rev().map(|(op, operand)| (op, self.expr(operand)));
        ExprKind::Binary(first, rest.collect())
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: &ast::Expr,
        value: Option<&ast::Expr>,
        clauses: &[ast::Comprehension],
    ) -> ExprKind {
        let clauses = clauses.iter().map(|clause| ComprehensionClause {
            target: self.expr(&clause.target),
            iter: self.expr(&clause.iter),
            conditions: self.exprs(&clause.ifs),
        });
        let clauses = clauses.collect();
        ExprKind::Comprehension(Box::new(Comprehension {
            kind,
            element: self.expr(element),
            value: self.option(value),
            clauses,
        }))
    }

    fn literal(&self, literal: &ast::StringLiteral) -> Vec<StringPart> {
        let flags = literal.flags;
        let quotes = if flags.is_triple_quoted() { 3 } else { 1 };
        let range = literal.range;
        let written = self.text.get(range.to_std_range()).unwrap_or_default();
        let prefix = written.find(['\'', '"']).unwrap_or_default();
        let end =
            if flags.is_unclosed() { written.len() } else { written.len().saturating_sub(quotes) };
        let raw = written.get(prefix + quotes..end).unwrap_or_default();
        let start = self.span(range).start + narrow(prefix + quotes);
        let backslash = !flags.prefix().is_raw();
        parts(raw, start, &literal.value, Escapes { backslash, braces: false })
    }

    fn format_parts(
        &mut self,
        elements: &ast::InterpolatedStringElements,
        raw: bool,
        list: &mut Vec<FormatPart>,
    ) {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(it) => {
                    let written = self.text.get(it.range.to_std_range()).unwrap_or_default();
                    let start = self.span(it.range).start;
                    let escapes = Escapes { backslash: !raw, braces: true };
                    let pieces = parts(written, start, &it.value, escapes);
                    list.extend(pieces.into_iter().map(FormatPart::Literal));
                }
                ast::InterpolatedStringElement::Interpolation(it) => {
                    let value = self.expr(&it.expression);
                    let conversion = it.conversion.to_byte().map(char::from);
                    let format = it.format_spec.as_deref().map(|spec| {
                        let mut list = Vec::new();
                        self.format_parts(&spec.elements, raw, &mut list);
                        list
                    });
                    let debug = it.debug_text.as_ref().map(|text| {
                        format!("{}{}{}", text.leading(), text.expression(), text.trailing())
                    });
                    list.push(FormatPart::Value { value, conversion, format, debug });
                }
            }
        }
    }
}

fn names(list: &[ast::Identifier]) -> Vec<String> {
    list.iter().map(|name| name.id.to_string()).collect()
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn binary(op: ast::Operator) -> BinaryOp {
    match op {
        ast::Operator::Add => BinaryOp::Add,
        ast::Operator::Sub => BinaryOp::Sub,
        ast::Operator::Mult => BinaryOp::Mul,
        ast::Operator::MatMult => BinaryOp::MatMul,
        ast::Operator::Div => BinaryOp::Div,
        ast::Operator::FloorDiv => BinaryOp::FloorDiv,
        ast::Operator::Mod => BinaryOp::Mod,
        ast::Operator::Pow => BinaryOp::Pow,
        ast::Operator::LShift => BinaryOp::LeftShift,
        ast::Operator::RShift => BinaryOp::RightShift,
        ast::Operator::BitOr => BinaryOp::BitOr,
        ast::Operator::BitXor => BinaryOp::BitXor,
        ast::Operator::BitAnd => BinaryOp::BitAnd,
    }
}

fn compare(op: ast::CmpOp) -> CompareOp {
    match op {
        ast::CmpOp::Eq => CompareOp::Eq,
        ast::CmpOp::NotEq => CompareOp::NotEq,
        ast::CmpOp::Lt => CompareOp::Lt,
        ast::CmpOp::LtE => CompareOp::LtE,
        ast::CmpOp::Gt => CompareOp::Gt,
        ast::CmpOp::GtE => CompareOp::GtE,
        ast::CmpOp::Is => CompareOp::Is,
        ast::CmpOp::IsNot => CompareOp::IsNot,
        ast::CmpOp::In => CompareOp::In,
        ast::CmpOp::NotIn => CompareOp::NotIn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_past_what_is_no_python() {
        let module = parse_module("x = 1\ny = = 2\nz = 'a' 'b'\n");
        assert_eq!(module.errors.len(), 1);
        assert!(module.body.len() >= 2);
        let StmtKind::Assign(_, value) = &module.body.last().unwrap().kind else { panic!() };
        let ExprKind::Str(parts) = &value.kind else { panic!() };
        let values: Vec<_> =
            parts.iter().map(|part| (part.value.as_str(), part.span.start)).collect();
        assert_eq!(values, [("a", 19), ("b", 23)]);
    }

    #[test]
    fn chains_do_not_recurse() {
        let module = parse_module(&format!("x = 'a'{}", " + 'a'".repeat(1_000)));
        let StmtKind::Assign(_, value) = &module.body.first().unwrap().kind else { panic!() };
        let ExprKind::Binary(_, rest) = &value.kind else { panic!() };
        assert_eq!(rest.len(), 1_000);
        let expression = parse_expression("Mapped[int | None]", 10).unwrap();
        assert_eq!(expression.span, Span::new(10, 28));
    }
}
