//! The life of a product: drafts, published versions, deactivation.
//!
//! A published version never changes: an account keeps the terms it was quoted, and a version can
//! always be shown as it was sold. A change is a new draft, published from a later day on.
//!
//! ```
//! use chrono::NaiveDate;
//! use products::{LoanProduct, Range, Versions};
//! use rust_decimal::dec;
//! let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
//! let mut product = LoanProduct::new("SALARY".parse()?, "Salary loan", "UGX".parse()?);
//! product.interest.rate = Range::only(dec!(36));
//! let mut versions = Versions::draft(product.clone());
//! assert!(versions.on(day(1, 15)).is_err(), "a draft is not on sale");
//! versions.publish(day(1, 1))?;
//!
//! product.interest.rate = Range::only(dec!(30));
//! versions.revise(product)?;
//! versions.publish(day(7, 1))?;
//! assert_eq!(versions.on(day(6, 30))?.number, 1);
//! assert_eq!(versions.on(day(7, 1))?.product.interest.rate, Range::only(dec!(30)));
//!
//! versions.deactivate(day(12, 1))?;
//! assert!(versions.on(day(12, 1)).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use chrono::NaiveDate;
use lending_core::{dates::Calendar, ids::ProductId};
use serde::{Deserialize, Serialize};

use crate::{
    LoanProduct, Violation, ViolationKind, Violations, deal::DealProduct, deposit::DepositProduct,
};

/// What has a life: something that can be checked, tried and told apart.
pub trait Definition {
    /// Its identifier in the catalogue.
    fn id(&self) -> ProductId;

    /// Checks that it can be sold from a day on.
    ///
    /// # Errors
    /// Everything that is wrong.
    fn check(&self, from: NaiveDate) -> Result<(), Violations>;
}

impl Definition for LoanProduct {
    fn id(&self) -> ProductId {
        self.id
    }

    fn check(&self, from: NaiveDate) -> Result<(), Violations> {
        self.validate()?;
        self.rehearse(from, &Calendar::default())
    }
}

impl Definition for DepositProduct {
    fn id(&self) -> ProductId {
        self.id
    }

    fn check(&self, from: NaiveDate) -> Result<(), Violations> {
        self.validate()?;
        self.rehearse(from)
    }
}

impl Definition for DealProduct {
    fn id(&self) -> ProductId {
        self.id
    }

    fn check(&self, from: NaiveDate) -> Result<(), Violations> {
        self.validate()?;
        self.rehearse(from)
    }
}

/// A published version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version<P> {
    /// Its number, from 1.
    pub number: u32,
    /// The first day on which it is sold. It is sold until the day before the next version.
    pub from: NaiveDate,
    /// The first day on which it is not sold any more, although there is no next version yet.
    #[serde(default = "none")]
    pub until: Option<NaiveDate>,
    /// The definition.
    pub product: P,
}

const fn none() -> Option<NaiveDate> {
    None
}

/// Why a step in a product's life was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LifeError {
    /// There is no draft to publish, change or delete.
    #[error("product {product} has no draft")]
    NoDraft {
        /// The product.
        product: ProductId,
    },
    /// A draft exists already.
    #[error("product {product} already has a draft: publish, change or delete it first")]
    DraftExists {
        /// The product.
        product: ProductId,
    },
    /// The draft is of another product.
    #[error("a draft of product {given} is not a version of product {product}")]
    OtherProduct {
        /// The product.
        product: ProductId,
        /// What was given.
        given: ProductId,
    },
    /// A version would begin before an earlier one, or a deactivation before the last version.
    #[error("product {product}: {given} is not allowed, a day after {after} is")]
    Order {
        /// The product.
        product: ProductId,
        /// The day given.
        given: NaiveDate,
        /// The day it must come after.
        after: NaiveDate,
    },
    /// What was published cannot be deleted.
    #[error("product {product} has {published} published versions: only drafts can be deleted")]
    Published {
        /// The product.
        product: ProductId,
        /// How many versions are published.
        published: usize,
    },
    /// The product is deactivated.
    #[error("product {product} is deactivated from {from} on")]
    Deactivated {
        /// The product.
        product: ProductId,
        /// The first day on which it is not sold.
        from: NaiveDate,
    },
    /// The draft does not hold together.
    #[error("the draft of product {product} cannot be published: {violations}")]
    Invalid {
        /// The product.
        product: ProductId,
        /// Everything that is wrong.
        violations: Violations,
    },
}

impl LifeError {
    /// The stable number of this error.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::NoDraft { .. } => 5401,
            Self::DraftExists { .. } => 5402,
            Self::OtherProduct { .. } => 5403,
            Self::Order { .. } => 5404,
            Self::Published { .. } => 5405,
            Self::Deactivated { .. } => 5406,
            Self::Invalid { .. } => 5407,
        }
    }
}

/// All versions of one product, and at most one draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "Form<P>",
    bound(deserialize = "P: Definition + Deserialize<'de>")
)]
pub struct Versions<P> {
    id: ProductId,
    published: Vec<Version<P>>,
    draft: Option<P>,
}

/// The same fields, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form<P> {
    id: ProductId,
    published: Vec<Version<P>>,
    draft: Option<P>,
}

impl<P: Definition> TryFrom<Form<P>> for Versions<P> {
    type Error = LifeError;
    fn try_from(form: Form<P>) -> Result<Self, LifeError> {
        let product = form.id;
        let own = form.published.iter().map(|version| version.product.id());
        let given = own.chain(form.draft.as_ref().map(Definition::id));
        for given in given {
            if given != product {
                return Err(LifeError::OtherProduct { product, given });
            }
        }
        for pair in form.published.windows(2) {
            let [before, version] = pair else { continue };
            let after = before.until.unwrap_or(before.from).max(before.from);
            let early = version.from < after || version.from == before.from;
            if early || version.number <= before.number {
                let given = version.from;
                return Err(LifeError::Order {
                    product,
                    given,
                    after,
                });
            }
        }
        Ok(Self {
            id: product,
            published: form.published,
            draft: form.draft,
        })
    }
}

impl<P: Definition> Versions<P> {
    /// A new product as a draft. A draft need not hold together yet.
    #[must_use]
    pub fn draft(product: P) -> Self {
        Self {
            id: product.id(),
            published: Vec::new(),
            draft: Some(product),
        }
    }

    /// The product's identifier.
    #[must_use]
    pub const fn id(&self) -> ProductId {
        self.id
    }

    /// The published versions, the oldest first.
    #[must_use]
    pub fn published(&self) -> &[Version<P>] {
        &self.published
    }

    /// The draft, if there is one.
    #[must_use]
    pub const fn current_draft(&self) -> Option<&P> {
        self.draft.as_ref()
    }

    /// The first day on which the product is no longer sold.
    #[must_use]
    pub fn deactivated(&self) -> Option<NaiveDate> {
        self.published.last().and_then(|last| last.until)
    }

    /// Begins a new version as a draft.
    ///
    /// # Errors
    /// [`LifeError::DraftExists`], [`LifeError::OtherProduct`].
    pub fn revise(&mut self, product: P) -> Result<(), LifeError> {
        if self.draft.is_some() {
            return Err(LifeError::DraftExists { product: self.id });
        }
        self.set_draft(product)
    }

    /// Changes the draft.
    ///
    /// # Errors
    /// [`LifeError::NoDraft`], [`LifeError::OtherProduct`].
    pub fn change(&mut self, product: P) -> Result<(), LifeError> {
        if self.draft.is_none() {
            return Err(LifeError::NoDraft { product: self.id });
        }
        self.set_draft(product)
    }

    fn set_draft(&mut self, product: P) -> Result<(), LifeError> {
        let given = product.id();
        if given != self.id {
            return Err(LifeError::OtherProduct {
                product: self.id,
                given,
            });
        }
        self.draft = Some(product);
        Ok(())
    }

    /// Publishes the draft: it is sold from this day on and never changes again. A deactivated
    /// product is sold again.
    ///
    /// # Errors
    /// [`LifeError::NoDraft`], [`LifeError::Order`] unless the day comes after the start of the
    /// last version (and not before a deactivation), [`LifeError::Invalid`].
    pub fn publish(&mut self, from: NaiveDate) -> Result<&Version<P>, LifeError> {
        let Some(draft) = &self.draft else {
            return Err(LifeError::NoDraft { product: self.id });
        };
        if let Some(last) = self.published.last()
            && from <= last.from
        {
            return Err(LifeError::Order {
                product: self.id,
                given: from,
                after: last.from,
            });
        }
        draft.check(from).map_err(|violations| LifeError::Invalid {
            product: self.id,
            violations,
        })?;
        if let Some(end) = self.deactivated()
            && from < end
        {
            return Err(LifeError::Deactivated {
                product: self.id,
                from: end,
            });
        }
        let number = u32::try_from(self.published.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let no_draft = LifeError::NoDraft { product: self.id };
        let product = self.draft.take().ok_or(no_draft.clone())?;
        self.published.push(Version {
            number,
            from,
            until: None,
            product,
        });
        self.published.last().ok_or(no_draft)
    }

    /// Stops the sale from this day on. Accounts live on.
    ///
    /// # Errors
    /// [`LifeError::Order`] unless the day comes after the start of the last version,
    /// [`LifeError::NoDraft`] when nothing was ever published, [`LifeError::Deactivated`].
    pub fn deactivate(&mut self, from: NaiveDate) -> Result<(), LifeError> {
        if let Some(from) = self.deactivated() {
            return Err(LifeError::Deactivated {
                product: self.id,
                from,
            });
        }
        match self.published.last_mut() {
            None => Err(LifeError::NoDraft { product: self.id }),
            Some(last) if from <= last.from => Err(LifeError::Order {
                product: self.id,
                given: from,
                after: last.from,
            }),
            Some(last) => {
                last.until = Some(from);
                Ok(())
            }
        }
    }

    /// Deletes the draft and gives it back. A product without published versions is gone with it.
    ///
    /// # Errors
    /// [`LifeError::NoDraft`]; [`LifeError::Published`] when there is no draft but versions.
    pub fn delete_draft(&mut self) -> Result<P, LifeError> {
        let published = self.published.len();
        let product = self.id;
        self.draft.take().ok_or(match published {
            0 => LifeError::NoDraft { product },
            published => LifeError::Published { product, published },
        })
    }

    /// The version that is sold on a day.
    ///
    /// # Errors
    /// [`ViolationKind::NotOnSale`] for a draft, before the first version and from the day of a
    /// deactivation on.
    pub fn on(&self, day: NaiveDate) -> Result<&Version<P>, Violations> {
        let not_sold = |given: String, allowed: String| {
            let field = "disbursement";
            let found = Violation::new(ViolationKind::NotOnSale, field, given, allowed);
            Violations::of(alloc::vec![found])
        };
        let mut versions = self.published.iter().rev();
        let version = versions.find(|version| version.from <= day);
        if let Some(end) = version.and_then(|version| version.until)
            && day >= end
        {
            return Err(not_sold(
                day.to_string(),
                format!("days before {end}, when the sale ended"),
            ));
        }
        version.ok_or_else(|| match self.published.first() {
            None => not_sold("a draft".into(), "a published product".into()),
            Some(first) => not_sold(day.to_string(), format!("{} or later", first.from)),
        })
    }
}
