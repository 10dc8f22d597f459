//! Messages in the providers' own forms.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::World;

/// The lender's pay bill number.
const PAY_BILL: &str = "600417";
/// The lender's Airtel merchant code.
const MERCHANT: &str = "118842";

/// Money that a payer sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The wallet it went to: `airtel` or `mpesa`.
    pub wallet: &'static str,
    /// The provider's id.
    pub id: String,
    /// When, by the provider's clock (local time).
    pub at: NaiveDateTime,
    /// How much.
    pub amount: Decimal,
    /// What the payer typed.
    pub reference: String,
    /// The payer's phone with country code.
    pub phone: String,
    /// The payer's names.
    pub name: (String, String),
}

impl Sent {
    /// Money sent on a day, at an hour of trade, with an id in the provider's form.
    pub fn new(
        world: &mut World,
        wallet: &'static str,
        on: NaiveDate,
        amount: Decimal,
        reference: String,
        phone: String,
        name: (String, String),
    ) -> Self {
        let seconds = world.rng.u32(7 * 3_600..21 * 3_600);
        let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default();
        let at = on.and_time(time);
        let id = if wallet == "airtel" {
            let (letter, number) = (world.rng.uppercase(), world.rng.u32(0..1_000_000));
            format!("CI{}.{letter}{number:06}", at.format("%y%m%d.%H%M"))
        } else {
            let mut sign = || world.rng.alphanumeric().to_ascii_uppercase();
            format!("T{}", (0..9).map(|_| sign()).collect::<String>())
        };
        Self {
            wallet,
            id,
            at,
            amount,
            reference,
            phone,
            name,
        }
    }

    /// The message that says so.
    pub fn message(&self) -> String {
        if self.wallet == "airtel" {
            self.airtel()
        } else {
            self.mpesa("48210.00")
        }
    }

    fn airtel(&self) -> String {
        line(&json!({
            "transactionId": self.id,
            "amount": self.amount.to_string(),
            "currency": "UGX",
            "msisdn": self.phone.trim_start_matches("256"),
            "accountNumber": self.reference,
            "businessShortCode": MERCHANT,
        }))
    }

    fn mpesa(&self, balance: &str) -> String {
        line(&json!({
            "TransactionType": "Pay Bill",
            "TransID": self.id,
            "TransTime": self.at.format("%Y%m%d%H%M%S").to_string(),
            "TransAmount": format!("{:.2}", self.amount),
            "BusinessShortCode": PAY_BILL,
            "BillRefNumber": self.reference,
            "InvoiceNumber": "",
            "OrgAccountBalance": balance,
            "ThirdPartyTransID": "",
            "MSISDN": self.phone,
            "FirstName": self.name.0.to_uppercase(),
            "MiddleName": "",
            "LastName": self.name.1.to_uppercase(),
        }))
    }

    /// The question that M-Pesa asks before the money moves.
    pub fn question(&self) -> Option<String> {
        (self.wallet == "mpesa").then(|| self.mpesa(""))
    }

    /// The same said once more, with the fields in another order and a further one.
    pub fn said_otherwise(&self) -> String {
        if self.wallet != "airtel" {
            return self.message();
        }
        line(&json!({
            "accountNumber": self.reference,
            "amount": format!("{:.2}", self.amount),
            "businessShortCode": MERCHANT,
            "currency": "UGX",
            "msisdn": self.phone.trim_start_matches("256"),
            "retry": 1,
            "transactionId": self.id,
        }))
    }

    /// The id under which the provider takes it back: Airtel keeps the payment's.
    pub fn back_id(&self) -> String {
        if self.wallet == "airtel" {
            return self.id.clone();
        }
        format!("R{}", &self.id[1..])
    }

    /// The message that takes the money back.
    pub fn taken_back(&self, on: NaiveDate) -> String {
        if self.wallet == "airtel" {
            return line(&json!({ "transaction": {
                "id": format!("KTC-{}", self.id),
                "message": "Transaction reversed",
                "status_code": "TR",
                "airtel_money_id": self.id,
            }}));
        }
        let parameter = |key: &str, value: Value| json!({ "Key": key, "Value": value });
        line(&json!({ "Result": {
            "ResultType": 0,
            "ResultCode": 0,
            "ResultDesc": "The service request is processed successfully.",
            "OriginatorConversationID": format!("KTC-{}", self.id),
            "ConversationID": format!("AG_{}_{}", on.format("%Y%m%d"), self.id),
            "TransactionID": self.back_id(),
            "ResultParameters": { "ResultParameter": [
                parameter("DebitAccountBalance", json!("Utility Account|KES|51661.00|51661.00|0.00|0.00")),
                parameter("Amount", json!(format!("{:.2}", self.amount))),
                parameter("TransCompletedTime", json!(on.format("%Y%m%d101500").to_string())),
                parameter("OriginalTransactionID", json!(self.id)),
                parameter("Charge", json!("0.00")),
                parameter("CreditPartyPublicName", json!(format!("{} - {}", self.phone, self.name.1))),
                parameter("DebitPartyPublicName", json!(format!("{PAY_BILL} - KTC"))),
            ]},
        }}))
    }

    /// A push that the payer declined: no money moved.
    pub fn declined(&self) -> String {
        line(&json!({ "transaction": {
            "id": format!("KTC-{}", self.id),
            "message": "The payer did not confirm",
            "status_code": "TF",
            "airtel_money_id": format!("MP{}", &self.id[2..]),
        }}))
    }
}

/// A message of a kind that nobody has seen before.
pub fn unreadable(on: NaiveDate) -> String {
    line(
        &json!({ "event": "wallet.maintenance", "window": { "date": on.to_string(), "hours": 2 } }),
    )
}

fn line(value: &Value) -> String {
    value.to_string()
}
