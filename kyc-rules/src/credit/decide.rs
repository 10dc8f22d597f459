//! The credit decision: the matrix, the limits around it, and the terms that would fit.

use alloc::{string::String, vec::Vec};

use ledger::Money;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Affordability, Assessment, Claim, ClaimKind, CounterOrder, CreditError, CreditPolicy,
    CreditReason, Grade, GroupAction, GroupBreach, MatrixAction, exposure, in_range,
};
use crate::{
    code::Label,
    rules::{Audience, Decision, Item, Score, Verdict, hex},
};

/// A request for credit with everything known about it. What is not known is none, and asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditCase {
    /// The amount asked for.
    pub amount: Money,
    /// Over how many monthly instalments.
    pub instalments: u32,
    /// The score, with its reasons.
    #[serde(default)]
    pub score: Option<Score>,
    /// What the client earns and owes a month.
    #[serde(default)]
    pub affordability: Option<Affordability>,
    /// What the client owes already; looked at only where the policy limits exposure.
    #[serde(default)]
    pub claims: Option<Vec<Claim>>,
    /// Loans repaid before.
    #[serde(default)]
    pub cycle: u32,
    /// What the client's group does not meet ([`super::GroupRules::check`]); empty: all met, or no
    /// group.
    #[serde(default)]
    pub group: Vec<GroupBreach>,
}

/// What a credit decision comes to. The order is the order of precedence: the highest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditOutcome {
    /// Approved as asked for.
    Approve,
    /// Other terms are offered.
    CounterOffer,
    /// Something is missing.
    Incomplete,
    /// A person decides.
    Refer,
    /// Refused.
    Decline,
}

/// Terms of a loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The amount.
    pub amount: Money,
    /// How many monthly instalments.
    pub instalments: u32,
    /// The price: interest a year as a fraction.
    #[serde(with = "ledger::money::exact")]
    pub annual_rate: Decimal,
    /// The monthly instalment, as quoted.
    #[serde(with = "ledger::money::exact")]
    pub instalment: Decimal,
}

/// A reason and what it speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditGround {
    /// What it speaks for.
    pub toward: CreditOutcome,
    /// The reason.
    pub reason: CreditReason,
}

/// Something that has to be known first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditInput {
    /// The score.
    Score,
    /// Income and obligations.
    Affordability,
    /// What the client owes already.
    Claims,
    /// What a rule asks for, and whether the client may be asked.
    Item(Item, bool),
}

/// A credit decision. Plain data: store it, send it, make it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditDecision {
    /// What it comes to.
    pub outcome: CreditOutcome,
    /// The terms the figures allow: those asked for, or a counter-offer. Binding with
    /// [`CreditOutcome::Approve`] and [`CreditOutcome::CounterOffer`] only; beside a referral it
    /// tells the officer what would fit.
    pub offer: Option<Offer>,
    /// The grade of the score.
    pub grade: Option<Label>,
    /// The affordability band of the request.
    pub band: Option<Label>,
    /// The reasons, the heaviest first.
    pub reasons: Vec<CreditGround>,
    /// What is missing.
    pub missing: Vec<CreditInput>,
    /// Which policy.
    pub policy: Label,
    /// Which version of it.
    pub version: u32,
    /// SHA-256 of policy, version, case and the inputs of the eligibility decision, in hexadecimal.
    pub inputs_hash: String,
}

/// The monthly instalment of an amount over so many instalments at a yearly rate. Has to grow with
/// the amount; a counter-offer is searched for on that ground.
pub type Quote<'a> = &'a dyn Fn(Decimal, u32, Decimal) -> Result<Decimal, CreditError>;

impl CreditPolicy {
    /// Decides. `eligibility` is the decision of a rule book on the same client, if any; `quote`
    /// says what an instalment would be: [`super::level_instalment`] or the product's own schedule.
    ///
    /// The result is the heaviest of: the rule book's verdict, the group's rules, the matrix cell
    /// of grade and burden, and the limits of grade, cycle and exposure. Where score or income is
    /// unknown the matrix refuses only when it would refuse every value.
    ///
    /// # Errors
    /// [`CreditError`] for a policy or a figure that is not allowed, another currency, or a quote
    /// that fails.
    pub fn decide(
        &self,
        case: &CreditCase,
        eligibility: Option<&Decision>,
        quote: Quote<'_>,
    ) -> Result<CreditDecision, CreditError> {
        self.check()?;
        let amount = self.amount(&case.amount)?;
        in_range("the amount", amount, amount > Decimal::ZERO, "more than 0")?;
        let count = case.instalments;
        in_range(
            "the number of instalments",
            count.into(),
            count > 0,
            "1 or more",
        )?;
        let assessment = case.affordability.as_ref().map(Affordability::assess);
        let mut run = Run {
            policy: self,
            case,
            quote,
            amount,
            assessment: assessment.transpose()?,
            decision: CreditDecision {
                outcome: CreditOutcome::Approve,
                offer: None,
                grade: None,
                band: None,
                reasons: Vec::new(),
                missing: Vec::new(),
                policy: self.id.clone(),
                version: self.version,
                inputs_hash: self.inputs_hash(case, eligibility)?,
            },
        };
        run.eligibility(eligibility);
        run.group();
        run.figures()?;
        let mut decision = run.decision;
        decision
            .reasons
            .sort_by_key(|ground| core::cmp::Reverse(ground.toward));
        if decision.outcome == CreditOutcome::Decline {
            decision.missing.clear();
            decision.offer = None;
        }
        Ok(decision)
    }

    fn inputs_hash(
        &self,
        case: &CreditCase,
        eligibility: Option<&Decision>,
    ) -> Result<String, CreditError> {
        let rules = eligibility.map(|decision| &decision.inputs_hash);
        let bytes =
            serde_json::to_vec(&(self, case, rules)).map_err(|error| CreditError::Policy {
                reason: alloc::string::ToString::to_string(&error),
            })?;
        Ok(hex(&Sha256::digest(&bytes)))
    }
}

struct Run<'a> {
    policy: &'a CreditPolicy,
    case: &'a CreditCase,
    quote: Quote<'a>,
    amount: Decimal,
    assessment: Option<Assessment>,
    decision: CreditDecision,
}

impl Run<'_> {
    fn ground(&mut self, toward: CreditOutcome, reason: CreditReason) {
        self.decision.outcome = self.decision.outcome.max(toward);
        self.decision.reasons.push(CreditGround { toward, reason });
    }

    fn eligibility(&mut self, decision: Option<&Decision>) {
        let Some(decision) = decision else { return };
        for fired in &decision.outcomes {
            let toward = match fired.outcome.verdict() {
                Verdict::Pass => continue,
                Verdict::NeedsInfo => CreditOutcome::Incomplete,
                Verdict::Hold | Verdict::Refer => CreditOutcome::Refer,
                Verdict::Reject => CreditOutcome::Decline,
            };
            let reason = CreditReason::Rule {
                rule: fired.rule.clone(),
                says: alloc::format!("{}", fired.outcome),
                disclosable: fired.disclosable,
            };
            self.ground(toward, reason);
        }
        // What an undecided rule leads to stands in the verdict, not in the outcomes.
        let own = match decision.verdict {
            Verdict::Pass => CreditOutcome::Approve,
            Verdict::NeedsInfo => CreditOutcome::Incomplete,
            Verdict::Hold | Verdict::Refer => CreditOutcome::Refer,
            Verdict::Reject => CreditOutcome::Decline,
        };
        self.decision.outcome = self.decision.outcome.max(own);
        let told = decision.explain(Audience::Customer).missing;
        for item in decision.missing() {
            let may_be_asked = told.contains(&item);
            self.decision
                .missing
                .push(CreditInput::Item(item, may_be_asked));
        }
    }

    fn group(&mut self) {
        let toward = match self.policy.on_group_breach {
            GroupAction::Decline => CreditOutcome::Decline,
            GroupAction::Refer => CreditOutcome::Refer,
        };
        for breach in &self.case.group {
            self.ground(toward, CreditReason::Group(breach.clone()));
        }
    }

    /// Everything that depends on amounts.
    fn figures(&mut self) -> Result<(), CreditError> {
        if self.amount < self.policy.amount_min {
            let min = self.policy.amount_min;
            self.ground(CreditOutcome::Decline, CreditReason::BelowMinimum { min });
        }
        let policy = self.policy;
        let grade = self
            .case
            .score
            .as_ref()
            .and_then(|s| policy.grade(s.points));
        self.decision.grade = grade.map(|grade| grade.label.clone());
        let no_claims = policy.exposure.is_some() && self.case.claims.is_none();
        match (grade, self.assessment.is_some()) {
            (Some(grade), true) if !no_claims => self.known(grade),
            _ => self.partly_known(grade, no_claims),
        }
    }

    /// Refused only when no value of what is unknown could make a difference.
    fn partly_known(&mut self, grade: Option<&Grade>, no_claims: bool) -> Result<(), CreditError> {
        let policy = self.policy;
        let mut cells = Vec::new();
        for possible in policy
            .grades
            .iter()
            .filter(|g| grade.is_none_or(|own| own == *g))
        {
            let band = if self.assessment.is_some() {
                policy.band(self.burden(possible, self.amount, self.term(possible))?)
            } else {
                None
            };
            for other in policy
                .bands
                .iter()
                .filter(|b| band.is_none_or(|own| own == *b))
            {
                cells.extend(
                    policy
                        .cell(possible, other)
                        .map(|action| (possible, other, action)),
                );
            }
        }
        if let Some((grade, band, MatrixAction::Decline(says))) = cells.first()
            && cells
                .iter()
                .all(|(_, _, action)| matches!(action, MatrixAction::Decline(_)))
        {
            let reason = CreditReason::Matrix {
                grade: grade.label.clone(),
                band: band.label.clone(),
                says: says.clone(),
            };
            self.ground(CreditOutcome::Decline, reason);
            return Ok(());
        }
        for (input, open) in [
            (CreditInput::Score, grade.is_none()),
            (CreditInput::Affordability, self.assessment.is_none()),
            (CreditInput::Claims, no_claims),
        ] {
            if open {
                self.decision.missing.push(input);
            }
        }
        self.decision.outcome = self.decision.outcome.max(CreditOutcome::Incomplete);
        Ok(())
    }

    fn known(&mut self, grade: &Grade) -> Result<(), CreditError> {
        let policy = self.policy;
        let term = self.term(grade);
        let burden = self.burden(grade, self.amount, term)?;
        let band = policy.band(burden);
        self.decision.band = band.map(|band| band.label.clone());
        let Some((band, action)) = band.and_then(|b| Some((b, policy.cell(grade, b)?))) else {
            return Ok(());
        };
        let says = |label: &Label| CreditReason::Matrix {
            grade: grade.label.clone(),
            band: band.label.clone(),
            says: label.clone(),
        };
        let offer = match action {
            MatrixAction::Decline(reason) => {
                self.ground(CreditOutcome::Decline, says(reason));
                self.weigh(CreditOutcome::Decline, grade, term)?;
                return Ok(());
            }
            MatrixAction::Refer(queue) => {
                self.ground(CreditOutcome::Refer, says(queue));
                self.weigh(CreditOutcome::Refer, grade, term)?;
                self.limits(CreditOutcome::Refer, grade)?;
                self.search(grade)?
            }
            MatrixAction::Approve if self.fits(grade, self.amount, self.case.instalments)? => {
                Some((self.amount, self.case.instalments))
            }
            MatrixAction::Approve | MatrixAction::CounterOffer => {
                if *action == MatrixAction::CounterOffer {
                    self.weigh(CreditOutcome::CounterOffer, grade, term)?;
                }
                self.limits(CreditOutcome::CounterOffer, grade)?;
                let outcome = &mut self.decision.outcome;
                *outcome = CreditOutcome::CounterOffer.max(*outcome);
                let found = self.search(grade)?;
                if found.is_none() {
                    let min = policy.amount_min;
                    self.ground(CreditOutcome::Decline, CreditReason::BelowMinimum { min });
                }
                found
            }
        };
        self.decision.offer = match offer {
            None => None,
            Some((amount, instalments)) => Some(self.offer(grade, amount, instalments)?),
        };
        Ok(())
    }

    /// Score and affordability as reasons.
    fn weigh(
        &mut self,
        toward: CreditOutcome,
        grade: &Grade,
        term: u32,
    ) -> Result<(), CreditError> {
        let most = usize::try_from(self.policy.reasons_max).unwrap_or(usize::MAX);
        let score = self.case.score.iter().flat_map(|score| &score.reasons);
        let lost: Vec<CreditReason> = score
            .take(most)
            .map(|reason| CreditReason::Score {
                attribute: reason.attribute.clone(),
                lost: reason.lost,
            })
            .collect();
        let instalment = (self.quote)(self.amount, term, grade.annual_rate)?;
        if let Some(assessment) = &self.assessment
            && self.policy.band(self.burden(grade, self.amount, term)?) != self.policy.bands.first()
        {
            let reason = CreditReason::Affordability {
                instalment,
                instalment_max: assessment.instalment_max,
                cap_binds: assessment.cap_binds,
            };
            self.ground(toward, reason);
        }
        for reason in lost {
            self.ground(toward, reason);
        }
        Ok(())
    }

    /// The limits the request is above.
    fn limits(&mut self, toward: CreditOutcome, grade: &Grade) -> Result<(), CreditError> {
        let mut found = Vec::new();
        if self.amount > grade.amount_max {
            let max = grade.amount_max;
            found.push(CreditReason::AmountCap { max });
        }
        if let Some(max) = self.policy.cycle_cap(self.case.cycle)
            && self.amount > max
        {
            found.push(CreditReason::CycleCap { max });
        }
        if self.case.instalments > grade.instalments_max {
            let max = grade.instalments_max;
            found.push(CreditReason::TermCap { max });
        }
        if let Some(limit) = &self.policy.exposure {
            let exposure = self.exposed(self.amount)?;
            if exposure > limit.max {
                let max = limit.max;
                found.push(CreditReason::Exposure { exposure, max });
            }
        }
        for reason in found {
            self.ground(toward, reason);
        }
        Ok(())
    }

    /// The term asked for, within the grade's.
    fn term(&self, grade: &Grade) -> u32 {
        self.case.instalments.min(grade.instalments_max)
    }

    /// The instalment as a share of the highest; none: the client can carry nothing.
    fn burden(
        &self,
        grade: &Grade,
        amount: Decimal,
        instalments: u32,
    ) -> Result<Option<Decimal>, CreditError> {
        let instalment = (self.quote)(amount, instalments, grade.annual_rate)?;
        let most = self.assessment.as_ref().map(|a| a.instalment_max);
        Ok(most.and_then(|most| instalment.checked_div(most)))
    }

    fn exposed(&self, amount: Decimal) -> Result<Decimal, CreditError> {
        let Some(limit) = &self.policy.exposure else {
            return Ok(Decimal::ZERO);
        };
        let mut claims = self.case.claims.clone().unwrap_or_default();
        claims.push(Claim {
            kind: ClaimKind::Loan,
            amount,
        });
        exposure(&claims, limit.policy)
    }

    /// Whether these terms fall into an approved cell and under every limit.
    fn fits(&self, grade: &Grade, amount: Decimal, instalments: u32) -> Result<bool, CreditError> {
        let policy = self.policy;
        let capped = amount > grade.amount_max
            || policy
                .cycle_cap(self.case.cycle)
                .is_some_and(|max| amount > max)
            || amount < policy.amount_min
            || instalments > grade.instalments_max;
        if capped {
            return Ok(false);
        }
        if let Some(limit) = &policy.exposure
            && self.exposed(amount)? > limit.max
        {
            return Ok(false);
        }
        let band = policy.band(self.burden(grade, amount, instalments)?);
        let action = band.and_then(|band| policy.cell(grade, band));
        Ok(action == Some(&MatrixAction::Approve))
    }

    /// The terms nearest to the request that fit.
    fn search(&self, grade: &Grade) -> Result<Option<(Decimal, u32)>, CreditError> {
        let term = self.term(grade);
        if self.fits(grade, self.amount, term)? {
            return Ok(Some((self.amount, term)));
        }
        let longest = grade.instalments_max;
        if self.policy.counter == CounterOrder::LongerTerm {
            for longer in term.saturating_add(1)..=longest {
                if self.fits(grade, self.amount, longer)? {
                    return Ok(Some((self.amount, longer)));
                }
            }
            return Ok(self
                .largest(grade, longest)?
                .map(|amount| (amount, longest)));
        }
        if let Some(amount) = self.largest(grade, term)? {
            return Ok(Some((amount, term)));
        }
        Ok(self
            .largest(grade, longest)?
            .map(|amount| (amount, longest)))
    }

    /// The largest multiple of the step, not above the request, that fits this term. Fitting is
    /// monotone: a smaller amount has a smaller instalment and exposure, and the policy is checked
    /// not to treat a heavier burden better.
    fn largest(&self, grade: &Grade, instalments: u32) -> Result<Option<Decimal>, CreditError> {
        let over = CreditError::Overflow { what: "an offer" };
        let step = self.policy.amount_step;
        let steps = |amount: Decimal, up: bool| {
            let count = amount.checked_div(step)?;
            let whole = if up { count.ceil() } else { count.floor() };
            whole.to_u64()
        };
        let at = |count: u64| step.checked_mul(Decimal::from(count));
        let mut low = steps(self.policy.amount_min, true).ok_or_else(|| over.clone())?;
        let mut high =
            steps(self.amount.min(grade.amount_max), false).ok_or_else(|| over.clone())?;
        let least = at(low).ok_or_else(|| over.clone())?;
        if low > high || !self.fits(grade, least, instalments)? {
            return Ok(None);
        }
        // `low` fits; nothing above `high` may.
        while low < high {
            let half = high.saturating_sub(low).div_ceil(2);
            let middle = low.saturating_add(half);
            if self.fits(grade, at(middle).ok_or_else(|| over.clone())?, instalments)? {
                low = middle;
            } else {
                high = middle.saturating_sub(1);
            }
        }
        at(low).map(Some).ok_or(over)
    }

    fn offer(
        &self,
        grade: &Grade,
        amount: Decimal,
        instalments: u32,
    ) -> Result<Offer, CreditError> {
        let instalment = (self.quote)(amount, instalments, grade.annual_rate)?;
        Ok(Offer {
            amount: Money::new(amount, self.policy.currency),
            instalments,
            annual_rate: grade.annual_rate,
            instalment,
        })
    }
}
