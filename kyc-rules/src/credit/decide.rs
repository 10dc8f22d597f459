//! The credit decision: the matrix, the limits around it, and the terms that would fit.

use alloc::{string::String, vec::Vec};

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::{
    Affordability, Assessment, CreditCase, CreditDecision, CreditError, CreditGround, CreditInput,
    CreditOutcome, CreditPolicy, CreditReason, Grade, GroupAction, MatrixAction, in_range,
};
use crate::{
    code::Label,
    rules::{Audience, Decision, Verdict, hex},
};

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

/// One decision on its way.
pub(super) struct Run<'a> {
    pub(super) policy: &'a CreditPolicy,
    pub(super) case: &'a CreditCase,
    pub(super) quote: Quote<'a>,
    pub(super) amount: Decimal,
    pub(super) assessment: Option<Assessment>,
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
}
