//! The products of a folder, and the contracts they quote.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use lending_core::{dates::Calendar, loan::LoanTerms};
use products::{LoanProduct, QuoteContext, QuoteRequest, catalogue};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{InputError, folder::ApplicationRow, source};

/// The products of a folder, by id.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    products: BTreeMap<String, (PathBuf, LoanProduct)>,
}

impl Catalogue {
    /// Reads every product of a folder and checks each by itself.
    ///
    /// # Errors
    /// A file is no product, a product contradicts itself, or two have one id.
    pub fn read(folder: &Path) -> Result<Self, InputError> {
        let mut catalogue = Self::default();
        for file in source::files(folder, "json")? {
            let product = read_product(&file)?;
            let id = product.id.to_string();
            if let Some((other, _)) = catalogue.products.get(&id) {
                let reason = format!("product {id} is in {} already", other.display());
                return Err(InputError::of_file(&file, reason));
            }
            catalogue.products.insert(id, (file, product));
        }
        if catalogue.products.is_empty() {
            return Err(InputError::of_file(
                folder,
                "there is no product: *.json is needed",
            ));
        }
        Ok(catalogue)
    }

    /// The product with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&LoanProduct> {
        self.products.get(id).map(|(_, product)| product)
    }

    /// Files and products, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&PathBuf, &LoanProduct)> {
        self.products
            .values()
            .map(|(file, product)| (file, product))
    }

    /// The contract for an application.
    ///
    /// # Errors
    /// The product is not known, or everything about the application that it does not allow.
    pub fn quote(&self, row: &ApplicationRow, calendar: &Calendar) -> Result<LoanTerms, String> {
        let request = QuoteRequest {
            instalments: row.instalments,
            rate: row.rate,
            ..QuoteRequest::new(row.amount, row.disburse.unwrap_or(row.decided))
        };
        let context = QuoteContext::new(calendar, row.currency);
        self.terms(&row.product, &request, &context)
    }

    /// The contract for a request.
    ///
    /// # Errors
    /// As [`Catalogue::quote`].
    pub fn terms(
        &self,
        product: &str,
        request: &QuoteRequest,
        context: &QuoteContext<'_>,
    ) -> Result<LoanTerms, String> {
        let found = self.get(product).ok_or_else(|| {
            let known: Vec<&str> = self.products.keys().map(String::as_str).collect();
            format!("product {product:?} is not known: {} are", known.join(", "))
        })?;
        found.quote(request, context).map_err(|violations| {
            let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
            all.join("; ")
        })
    }
}

/// A product that begins with a ready-made one: `{"ready_made": "market-trader-loan.json", ...}`.
/// What else the file says takes the place of what that product says.
#[derive(Deserialize)]
struct FromReadyMade {
    ready_made: String,
    #[serde(flatten)]
    differs: Map<String, Value>,
}

/// Reads one product and checks it.
///
/// # Errors
/// The file is no product, or the product contradicts itself.
pub fn read_product(file: &Path) -> Result<LoanProduct, InputError> {
    let text = source::text(file)?;
    let product: LoanProduct = match serde_json::from_str::<FromReadyMade>(&text) {
        Ok(own) => begun(own).map_err(|reason| InputError::of_file(file, reason))?,
        Err(_) => source::json(file)?,
    };
    product.validate().map_err(|violations| {
        let all: Vec<String> = violations.iter().map(ToString::to_string).collect();
        InputError::of_file(file, all.join("; "))
    })?;
    Ok(product)
}

/// The ready-made product with what differs.
fn begun(own: FromReadyMade) -> Result<LoanProduct, String> {
    let ready = catalogue::ALL.iter();
    let Some(entry) = ready.clone().find(|entry| entry.file == own.ready_made) else {
        let known: Vec<&str> = ready.map(|entry| entry.file).collect();
        let (given, known) = (own.ready_made, known.join(", "));
        return Err(format!(
            "ready-made product {given:?} is not known: {known} are"
        ));
    };
    let mut product: Map<String, Value> =
        serde_json::from_str(entry.json).map_err(|error| error.to_string())?;
    product.extend(own.differs);
    serde_json::from_value(Value::Object(product)).map_err(|error| error.to_string())
}
