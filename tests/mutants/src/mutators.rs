//! The mutants of each kind of expression.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ReturnType, Stmt, Type, UnOp};

/// A place for mutants.
pub(crate) struct Site {
    /// The range that they replace; empty if they are inserted.
    pub(crate) range: Range<usize>,
    /// How they are inserted.
    pub(crate) form: Form,
    /// The mutants.
    pub(crate) alternatives: Vec<Alternative>,
}

/// How mutants are inserted into a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// In place of an expression.
    Expression,
    /// In place of a truth value, `true` or `false`: only where it is the other.
    Truth,
    /// In place of a statement.
    Statement,
    /// Before the first statement of a function.
    Return,
    /// After the pattern of an arm.
    Guard,
}

/// A mutant.
pub(crate) struct Alternative {
    /// The part of the file that differs.
    pub(crate) shown: Range<usize>,
    /// The replacement for that part.
    pub(crate) name: String,
    /// The replacement for the whole range.
    pub(crate) text: String,
}

/// Finds the sites in a file, from the outside in.
pub(crate) struct Mutators<'t> {
    text: &'t str,
    sites: Vec<Site>,
}

/// Methods whose argument is a predicate.
const PREDICATES: [&str; 14] = [
    "all",
    "any",
    "filter",
    "find",
    "is_none_or",
    "is_some_and",
    "is_ok_and",
    "partition",
    "position",
    "retain",
    "rposition",
    "skip_while",
    "take_while",
    "take_if",
];

/// Methods that replace each other.
const OPPOSITES: [(&str, &str); 14] = [
    ("all", "any"),
    ("any", "all"),
    ("first", "last"),
    ("last", "first"),
    ("is_some", "is_none"),
    ("is_none", "is_some"),
    ("is_ok", "is_err"),
    ("is_err", "is_ok"),
    ("min", "max"),
    ("max", "min"),
    ("starts_with", "ends_with"),
    ("ends_with", "starts_with"),
    ("is_none_or", "is_some_and"),
    ("is_some_and", "is_none_or"),
];

impl<'t> Mutators<'t> {
    /// Returns the sites in a Rust file.
    pub(crate) fn of(text: &'t str) -> syn::Result<Vec<Site>> {
        let mut mutators = Mutators { text, sites: Vec::new() };
        mutators.visit_file(&syn::parse_file(text)?);
        Ok(mutators.sites)
    }

    fn text(&self, node: &impl Spanned) -> &'t str {
        &self.text[node.span().byte_range()]
    }

    /// Adds a site; each part is a range and its replacement.
    fn site(&mut self, range: Range<usize>, parts: Vec<(Range<usize>, String)>, form: Form) {
        let alternative = |(shown, name): (Range<usize>, String)| {
            let text =
                format!("{}{name}{}", &self.text[range.start..shown.start], &self.text[shown.end..range.end]);
            Alternative { shown, name, text }
        };
        let alternatives: Vec<_> = parts.into_iter().map(alternative).collect();
        if !alternatives.is_empty() {
            self.sites.push(Site { range, form, alternatives });
        }
    }

    /// Adds a truth value, unless it binds names, which an alternative would hide.
    fn truth(&mut self, expression: &Expr, values: &[&str]) {
        if !has_let(expression) {
            let range = expression.span().byte_range();
            for value in values {
                self.truth_shown(expression, value, range.clone(), value);
            }
        }
    }

    /// Adds a truth value; says what the alternative means.
    fn truth_shown(&mut self, expression: &Expr, value: &str, shown: Range<usize>, name: &str) {
        let alternative = Alternative { shown, name: name.to_owned(), text: value.to_owned() };
        let range = expression.span().byte_range();
        self.sites.push(Site { range, form: Form::Truth, alternatives: vec![alternative] });
    }

    fn body(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let Some(first) = block.stmts.first() else { return };
        let at = first.span().byte_range().start;
        let shown = signature.ident.span().byte_range();
        for value in results(&signature.output) {
            let text = format!("return {value};");
            match first {
                Stmt::Expr(whole, None) if matches!(value, "true" | "false") => {
                    self.truth_shown(whole, value, shown.clone(), &text);
                }
                _ => {
                    let alternatives = vec![Alternative { shown: shown.clone(), name: text.clone(), text }];
                    self.sites.push(Site { range: at..at, form: Form::Return, alternatives });
                }
            }
        }
    }
}

/// Returns what a function may return instead.
fn results(output: &ReturnType) -> Vec<&'static str> {
    let ReturnType::Type(_, output) = output else { return vec![""] };
    match &**output {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if reference.mutability.is_none() && path.path.is_ident("str") => vec!["\"\""],
            _ => Vec::new(),
        },
        Type::Path(path) => match path.path.segments.last().map(|last| last.ident.to_string()).as_deref() {
            Some("bool") => vec!["true", "false"],
            Some("usize" | "u64" | "u32" | "u16" | "u8") => vec!["0", "1"],
            Some("Option") => vec!["None"],
            Some("String") => vec!["String::new()"],
            Some("Vec") => vec!["Vec::new()"],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Whether a condition binds names, which an alternative would hide.
fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string().contains("test"))
    })
}

impl<'a> Visit<'a> for Mutators<'_> {
    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        if function.sig.constness.is_none() && !is_test(&function.attrs) {
            self.body(&function.sig, &function.block);
            visit::visit_block(self, &function.block);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        if function.sig.constness.is_none() && !is_test(&function.attrs) {
            self.body(&function.sig, &function.block);
            visit::visit_block(self, &function.block);
        }
    }

    // Constants are computed at build time, when the variable is not set.
    fn visit_item_const(&mut self, _: &'a syn::ItemConst) {}
    fn visit_impl_item_const(&mut self, _: &'a syn::ImplItemConst) {}
    fn visit_trait_item_const(&mut self, _: &'a syn::TraitItemConst) {}
    fn visit_item_static(&mut self, _: &'a syn::ItemStatic) {}
    fn visit_expr_const(&mut self, _: &'a syn::ExprConst) {}
    fn visit_type(&mut self, _: &'a Type) {}
    fn visit_pat(&mut self, _: &'a syn::Pat) {}
    fn visit_item_enum(&mut self, _: &'a syn::ItemEnum) {}
    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}

    fn visit_stmt(&mut self, statement: &'a Stmt) {
        // A statement with an effect may be omitted.
        let is_effect = |expression: &Expr| match expression {
            Expr::MethodCall(_) | Expr::Call(_) | Expr::Assign(_) => true,
            Expr::Binary(binary) => is_assignment(&binary.op),
            _ => false,
        };
        if let Stmt::Expr(expression, Some(_)) = statement
            && is_effect(expression)
        {
            let range = statement.span().byte_range();
            self.site(range.clone(), vec![(range, String::new())], Form::Statement);
        }
        visit::visit_stmt(self, statement);
    }

    fn visit_expr_if(&mut self, expression: &'a syn::ExprIf) {
        self.truth(&expression.cond, &["true", "false"]);
        visit::visit_expr_if(self, expression);
    }

    fn visit_expr_while(&mut self, expression: &'a syn::ExprWhile) {
        self.truth(&expression.cond, &["false"]);
        visit::visit_expr_while(self, expression);
    }

    fn visit_expr_match(&mut self, expression: &'a syn::ExprMatch) {
        let is_wild = |arm: &syn::Arm| arm.guard.is_none() && matches!(arm.pat, syn::Pat::Wild(_));
        let wild = expression.arms.iter().position(is_wild).unwrap_or(0);
        for (index, arm) in expression.arms.iter().enumerate() {
            match &arm.guard {
                Some((_, guard)) => self.truth(guard, &["true", "false"]),
                // The last arm takes its cases.
                None if index < wild => {
                    let end = arm.pat.span().byte_range().end;
                    let shown = arm.pat.span().byte_range();
                    let alternative =
                        Alternative { shown, name: "(no such arm)".into(), text: String::new() };
                    self.sites.push(Site {
                        range: end..end,
                        form: Form::Guard,
                        alternatives: vec![alternative],
                    });
                }
                None => {}
            }
        }
        visit::visit_expr_match(self, expression);
    }

    fn visit_expr_macro(&mut self, expression: &'a syn::ExprMacro) {
        if expression.mac.path.is_ident("matches") {
            let range = expression.span().byte_range();
            let text = format!("!{}", self.text(expression));
            self.site(range.clone(), vec![(range, text)], Form::Expression);
        }
    }

    fn visit_expr_unary(&mut self, expression: &'a syn::ExprUnary) {
        if matches!(expression.op, UnOp::Not(_)) {
            let range = expression.span().byte_range();
            self.site(range, vec![(expression.op.span().byte_range(), String::new())], Form::Expression);
        }
        visit::visit_expr_unary(self, expression);
    }

    fn visit_expr_binary(&mut self, expression: &'a syn::ExprBinary) {
        let operator = expression.op.span().byte_range();
        let others: &[&str] = match expression.op {
            BinOp::Eq(_) => &["!="],
            BinOp::Ne(_) => &["=="],
            BinOp::Lt(_) => &["<="],
            BinOp::Le(_) => &["<"],
            BinOp::Gt(_) => &[">="],
            BinOp::Ge(_) => &[">"],
            BinOp::Add(_) => &["-"],
            BinOp::Sub(_) => &["+"],
            BinOp::Mul(_) | BinOp::Rem(_) => &["/"],
            BinOp::Div(_) => &["*"],
            BinOp::BitAnd(_) => &["|"],
            BinOp::BitOr(_) => &["&"],
            BinOp::BitXor(_) => &["|"],
            BinOp::Shl(_) => &[">>"],
            BinOp::Shr(_) => &["<<"],
            BinOp::AddAssign(_) => &["-="],
            BinOp::SubAssign(_) => &["+="],
            BinOp::BitAndAssign(_) => &["|="],
            BinOp::BitOrAssign(_) => &["&="],
            _ => &[],
        };
        let (left, right) = (&*expression.left, &*expression.right);
        if has_let(left) || has_let(right) {
            [left, right].into_iter().for_each(|side| self.truth(side, &["true"]));
        } else if let BinOp::And(_) | BinOp::Or(_) = expression.op {
            // One side is omitted; who notices that would notice the other operator, too.
            let value = if let BinOp::And(_) = expression.op { "true" } else { "false" };
            let (before, after) = (left.span().byte_range(), right.span().byte_range());
            self.truth_shown(left, value, before.start..after.start, "");
            self.truth_shown(right, value, before.end..after.end, "");
        } else {
            let parts = others.iter().map(|other| (operator.clone(), (*other).to_owned())).collect();
            self.site(expression.span().byte_range(), parts, Form::Expression);
        }
        visit::visit_expr_binary(self, expression);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        let method = call.method.to_string();
        let parts = OPPOSITES.iter().filter(|(name, _)| *name == method);
        let parts = parts.map(|(_, other)| (call.method.span().byte_range(), (*other).to_owned())).collect();
        self.site(call.span().byte_range(), parts, Form::Expression);
        if PREDICATES.contains(&method.as_str())
            && let Some(Expr::Closure(closure)) = call.args.first()
            && !matches!(*closure.body, Expr::Binary(_))
        {
            self.truth(&closure.body, &["true", "false"]);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_repeat(&mut self, expression: &'a syn::ExprRepeat) {
        self.visit_expr(&expression.expr);
    }

    // `receiver.field = …` and `a[i]` are places, not values: only their parts have mutants.
    fn visit_expr_assign(&mut self, expression: &'a syn::ExprAssign) {
        self.visit_expr(&expression.right);
    }
}

fn is_assignment(operator: &BinOp) -> bool {
    matches!(
        operator,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::MulAssign(_)
    )
}
