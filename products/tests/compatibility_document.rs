//! The document of all compatibility matrices is what the matrices say.

mod common;

use products::{
    deal, deposit,
    rules::{self, Rule},
};

/// `PRODUCTS_WRITE=1 cargo test -p products` writes it anew.
#[test]
fn the_document_shows_every_matrix() {
    let mut text = String::from(
        "# Settings of a product that make no sense together\n\n\
         A product that has both settings of a row is refused when it is defined, with the rule's\n\
         name and both settings. This page is made from `products::rules::MATRIX`,\n\
         `products::deposit::MATRIX` and `products::deal::MATRIX`; a test fails when they differ.\n",
    );
    section(&mut text, "Loan products", rules::MATRIX);
    section(&mut text, "Deposit products", deposit::MATRIX);
    section(&mut text, "Pay-as-you-go deals", deal::MATRIX);
    common::committed("../docs/product-compatibility.md", &text);
}

fn section<P>(text: &mut String, title: &str, matrix: &[&[Rule<P>]]) {
    *text += &format!(
        "\n## {title}\n\n| rule | setting | value | beside | value | why not |\n\
         |---|---|---|---|---|---|\n"
    );
    let mut seen = std::collections::BTreeSet::new();
    for rule in matrix.iter().copied().flatten() {
        assert!(seen.insert(rule.id), "{} comes twice", rule.id);
        *text += &format!(
            "| `{}` | `{}` | {} | `{}` | {} | {} |\n",
            rule.id, rule.setting, rule.value, rule.other, rule.other_value, rule.reason
        );
    }
}
