//! Which account an event of a product moves.

use ledger::{
    ChartOfAccounts, GlAccount, GlCode, GlType,
    posting_rules::{AccountingMethod, FinancialResource as R, PostingRule, PostingRules},
};

fn code(text: &str) -> GlCode {
    text.parse().unwrap()
}

/// The first 23 resources with the account types each may have, as the accounting
/// documentation of core-banking systems prints them (A asset, L liability, E equity, I income, X expense).
const TYPES: &str = "
    PORTFOLIO_CONTROL A            FUND_SOURCE A                 WRITE_OFF_EXPENSE X
    INTEREST_INCOME I              INTEREST_RECEIVABLE A         FEE_INCOME I
    FEE_RECEIVABLE A               PENALTY_INCOME I              PENALTY_RECEIVABLE A
    TAXES_PAYABLE L                TAXES_RECEIVABLE A            DEFERRED_INTERESTS_INCOME L
    DEFERRED_TAXES L               DEFERRED_FEE_INCOME L         SAVINGS_CONTROL LE
    INTEREST_EXPENSE X             INTEREST_PAYABLE L            DEPOSIT_REFERENCE A
    OVERDRAFT_PORTFOLIO_CONTROL A  OVERDRAFT_INTEREST_INCOME I   OVERDRAFT_INTEREST_RECEIVABLE A
    OVERDRAFT_WRITE_OFF_EXPENSE X  INTER_BRANCH_TRANSFER AL";

#[test]
fn every_resource_has_its_account_types() {
    let words: Vec<&str> = TYPES.split_whitespace().collect();
    assert_eq!(words.len(), 2 * 23);
    for (pair, resource) in words.chunks(2).zip(R::ALL) {
        let letters: String = resource
            .allowed_types()
            .iter()
            .map(|gl_type| match gl_type {
                GlType::Asset => 'A',
                GlType::Liability => 'L',
                GlType::Equity => 'E',
                GlType::Income => 'I',
                GlType::Expense => 'X',
            })
            .collect();
        assert_eq!([pair[0], pair[1]], [resource.as_str(), letters.as_str()]);
        let json = serde_json::to_string(&resource).unwrap();
        assert_eq!(json, format!("{:?}", pair[0]));
        assert_eq!(serde_json::from_str::<R>(&json).unwrap(), resource);
    }
}

#[test]
fn the_narrowest_rule_wins() {
    let rule = |account| PostingRule::new(R::FeeIncome, code(account));
    let rules = PostingRules::new(
        AccountingMethod::Cash,
        [
            rule("10"),
            rule("11").for_channel("mpesa"),
            rule("12").for_fee("late"),
            rule("13").for_fee("late").for_channel("mpesa"),
        ],
    )
    .unwrap();
    for (fee, channel, account) in [
        (None, None, "10"),
        (Some("other"), Some("bank"), "10"),
        (None, Some("mpesa"), "11"),
        (Some("other"), Some("mpesa"), "11"),
        (Some("late"), None, "12"),
        (Some("late"), Some("bank"), "12"),
        (Some("late"), Some("mpesa"), "13"),
    ] {
        assert_eq!(
            rules.resolve(R::FeeIncome, fee, channel).unwrap(),
            code(account)
        );
    }
}

#[test]
fn a_narrow_rule_alone_does_not_answer_for_the_rest_and_the_missing_rule_is_named() {
    let only = PostingRule::new(R::FundSource, code("1130")).for_channel("mpesa");
    let rules = PostingRules::new(AccountingMethod::Cash, [only]).unwrap();
    let missing = rules
        .resolve(R::FundSource, None, Some("cash"))
        .unwrap_err();
    assert_eq!(
        missing.to_string(),
        "no posting rule for FUND_SOURCE with channel \"cash\""
    );
    assert_eq!(missing.code(), 1701);
}

#[test]
fn two_rules_for_one_question_are_refused_also_when_read() {
    let twice = r#"{"method":"CASH","rules":[
        {"resource":"FEE_INCOME","account":"1"},{"resource":"FEE_INCOME","account":"2"}]}"#;
    let error = serde_json::from_str::<PostingRules>(twice)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("two posting rules for FEE_INCOME: 1 and 2"),
        "{error}"
    );
    let once = r#"{"method":"CASH","rules":[{"resource":"FEE_INCOME","account":"1"}]}"#;
    let rules: PostingRules = serde_json::from_str(once).unwrap();
    let bytes = postcard::to_allocvec(&rules).unwrap();
    assert_eq!(postcard::from_bytes::<PostingRules>(&bytes).unwrap(), rules);
}

#[test]
fn rules_are_checked_against_a_chart() {
    let chart = ChartOfAccounts::new([
        GlAccount::header(code("1000"), "Assets", GlType::Asset),
        GlAccount::detail(code("1200"), "Loans", GlType::Asset).under(code("1000")),
    ])
    .unwrap();
    let rules = PostingRules::new(
        AccountingMethod::Cash,
        [
            PostingRule::new(R::PortfolioControl, code("1200")),
            PostingRule::new(R::FundSource, code("1000")),
            PostingRule::new(R::InterestIncome, code("1200")),
            PostingRule::new(R::FeeIncome, code("4200")),
        ],
    )
    .unwrap();
    let problems = rules.problems(&chart, AccountingMethod::Cash.loan_resources());
    let codes: Vec<_> = problems.iter().map(|problem| problem.code()).collect();
    // Missing: write-off expense and penalty income; then header, wrong type, unknown.
    assert_eq!(codes, [1701, 1701, 1704, 1705, 1703]);
    assert_eq!(
        problems[3].to_string(),
        "the posting rule for INTEREST_INCOME names GL account 1200 of type Asset: [Income] is allowed"
    );
}
