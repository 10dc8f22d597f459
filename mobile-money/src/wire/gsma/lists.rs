//! Batches, bill payments, and lists: statement entries, batch rejections and completions.

use alloc::vec::Vec;

use super::{
    super::{Batch, BatchStatus, ParseError, json::Json, owned, values},
    transaction::{amount, party, status, transaction},
};
use crate::payment::{Channel, Payment, PaymentKind, Phone, Reason, ReasonKind, Status};

/// The rows of a list, all or none.
pub(super) fn rows(rows: &[Json<'_>]) -> Result<Vec<Payment>, ParseError> {
    rows.iter().map(row).collect()
}

/// One object by what it carries.
pub(super) fn row(json: &Json<'_>) -> Result<Payment, ParseError> {
    let has = |key: &str| !json.get(key).is_null();
    if has("rejectionReason") || has("rejectionDate") {
        return rejection(json);
    }
    if has("completionDate") && !has("transactionStatus") {
        return completion(json);
    }
    if has("billPaymentStatus") || has("serviceProviderPaymentReference") || has("paidAmount") {
        return bill_payment(json);
    }
    transaction(json)
}

/// A batch, when the object is one.
pub(super) fn batch(json: &Json<'_>) -> Option<Result<Batch, ParseError>> {
    let has = |key: &str| !json.get(key).is_null();
    (has("batchStatus") || has("batchTransactions") || has("batchId")).then(|| read_batch(json))
}

fn read_batch(json: &Json<'_>) -> Result<Batch, ParseError> {
    let missing = |field| ParseError::Missing {
        field,
        message: "GSMA batch",
    };
    let word = json.get("batchStatus").word();
    let word = word.ok_or_else(|| missing("batchStatus"))?;
    let state = match word.to_ascii_lowercase().as_str() {
        "created" => BatchStatus::Created,
        "approved" => BatchStatus::Approved,
        "completed" => BatchStatus::Completed,
        _ => BatchStatus::Unknown(word.into()),
    };
    let count = |key: &str| json.get(key).word().and_then(|text| text.parse().ok());
    let transactions = json.get("batchTransactions").items().iter();
    let transactions = transactions.map(|row| in_batch(row, &state));
    Ok(Batch {
        id: owned(json.get("batchId")),
        own_id: owned(json.get("requestingOrganisationTransactionReference")),
        title: owned(json.get("batchTitle")),
        completed: count("completedCount"),
        rejected: count("rejectionCount"),
        transactions: transactions.collect::<Result<_, _>>()?,
        status: state,
    })
}

/// A transaction of a batch. One without a state of its own is pending until the batch is
/// completed, and then unclear: the lists of rejections and completions say which it was.
fn in_batch(json: &Json<'_>, batch: &BatchStatus) -> Result<Payment, ParseError> {
    if !json.get("transactionStatus").is_null() {
        return transaction(json);
    }
    let kind = match json.get("type").word() {
        Some("billpay" | "deposit" | "merchantpay") => PaymentKind::Collection,
        _ => PaymentKind::Disbursement,
    };
    let status = match batch {
        BatchStatus::Created | BatchStatus::Approved => Status::Pending,
        BatchStatus::Completed => Status::Ambiguous,
        BatchStatus::Unknown(word) => Status::Unknown(word.clone()),
    };
    item(json, kind, status)
}

fn rejection(json: &Json<'_>) -> Result<Payment, ParseError> {
    let mut payment = item(json, PaymentKind::Disbursement, Status::Failed)?;
    let why = json.get("rejectionReason");
    payment.reason = Some(Reason {
        code: why.word().unwrap_or("").into(),
        kind: ReasonKind::Refused,
        text: owned(why),
    });
    values::time(&mut payment, json.get("rejectionDate"), values::rfc3339);
    Ok(payment)
}

fn completion(json: &Json<'_>) -> Result<Payment, ParseError> {
    let mut payment = item(json, PaymentKind::Disbursement, Status::Success)?;
    values::time(&mut payment, json.get("completionDate"), values::rfc3339);
    Ok(payment)
}

/// What an item of a batch has in common with a transaction.
fn item(json: &Json<'_>, kind: PaymentKind, status: Status) -> Result<Payment, ParseError> {
    let mut payment = Payment::new(Channel::Gsma, kind, status);
    payment.provider_id = owned(json.get("transactionReference"));
    payment.own_id = owned(json.get("requestingOrganisationTransactionReference"));
    let parties = match kind {
        PaymentKind::Collection => ("creditParty", "debitParty"),
        _ => ("debitParty", "creditParty"),
    };
    let (ours, theirs) = (json.get(parties.0), json.get(parties.1));
    payment.reference = party(ours, "accountid");
    payment.phone = party(theirs, "msisdn").and_then(|text| Phone::read(&text));
    payment.wallet = party(ours, "msisdn");
    if let Some(text) = json.get("amount").word() {
        payment.amount = Some(amount(text)?);
    }
    values::currency(&mut payment, json.get("currency"));
    if payment.provider_id.is_none() && payment.own_id.is_none() {
        return Err(ParseError::Missing {
            field: "transactionReference",
            message: "GSMA batch item",
        });
    }
    Ok(payment)
}

/// A payment of a bill. `customerReference` is what the payer is known by.
fn bill_payment(json: &Json<'_>) -> Result<Payment, ParseError> {
    let word = json.get("billPaymentStatus").word();
    let status = word.map_or_else(|| Status::Unknown("".into()), status);
    let mut payment = Payment::new(Channel::Gsma, PaymentKind::Collection, status);
    payment.provider_id = owned(json.get("serviceProviderPaymentReference"))
        .or_else(|| owned(json.get("transactionReference")));
    payment.own_id = owned(json.get("requestingOrganisationTransactionReference"));
    if payment.provider_id.is_none() && payment.own_id.is_none() {
        return Err(ParseError::Missing {
            field: "serviceProviderPaymentReference",
            message: "GSMA bill payment",
        });
    }
    let paid = json.get("paidAmount").word();
    if let Some(text) = paid.or_else(|| json.get("amount").word()) {
        payment.amount = Some(amount(text)?);
    }
    values::currency(&mut payment, json.get("currency"));
    payment.reference = ["customerReference", "billReference"]
        .iter()
        .find_map(|key| json.get(key).text())
        .map(Into::into);
    for key in ["creationDate", "modificationDate", "requestDate"] {
        if payment.provider_time.is_none() {
            values::time(&mut payment, json.get(key), values::rfc3339);
        }
    }
    Ok(payment)
}
