//! Message forms beside the samples: what each becomes, one case a message. Ids, phones and
//! amounts are invented; field names and codes are those of the providers' public interfaces.

use mobile_money::{
    Channel, Message, Payment, PaymentKind, Phone, Provider, Status, parse,
    payment::ReasonKind,
    wire::{BatchStatus, detect},
};
use rust_decimal::dec;
use serde_json::{Value, json};

fn read(body: &Value) -> Message {
    let bytes = body.to_string().into_bytes();
    let channel = detect(&bytes).unwrap_or_else(|error| panic!("{body}: {error}"));
    parse(channel, &bytes).unwrap_or_else(|error| panic!("{body}: {error}"))
}

fn payment(body: &Value) -> Payment {
    match read(body) {
        Message::Payment(payment) => payment,
        other => panic!("{body}: {other:?}"),
    }
}

fn ids(payment: &Payment) -> (Option<&str>, Option<&str>) {
    (payment.provider_id.as_deref(), payment.own_id.as_deref())
}

#[test]
fn pawapay_of_both_versions() {
    let first = json!({"depositId": "d-1", "status": "COMPLETED", "requestedAmount": "12000",
        "depositedAmount": "12000", "currency": "UGX", "country": "UGA",
        "correspondent": "MTN_MOMO_UGA", "payer": {"type": "MSISDN", "address": {"value": "256772123456"}},
        "customerTimestamp": "2024-06-11T06:15:31Z", "created": "2024-06-11T06:15:30Z",
        "respondedByPayer": "2024-06-11T06:15:33Z", "correspondentIds": {"MTN_INIT": "1"}});
    let second = json!({"depositId": "d-1", "status": "COMPLETED", "amount": "12000",
        "currency": "UGX", "country": "UGA", "providerTransactionId": "MP1",
        "payer": {"type": "MMO", "accountDetails": {"phoneNumber": "256772123456", "provider": "MTN_MOMO_UGA"}},
        "clientReferenceId": "EO41877", "created": "2024-06-11T06:15:30Z"});
    for (body, provider_id) in [
        (&first, None),
        (&second, Some("MP1")),
        (&json!([first]), None),
        (&json!({"status": "FOUND", "data": second}), Some("MP1")),
    ] {
        let paid = payment(body);
        assert_eq!(paid.provider, Provider::Pawapay);
        assert_eq!(ids(&paid), (provider_id, Some("d-1")), "{body}");
        assert_eq!(
            (paid.kind, &paid.status),
            (PaymentKind::Collection, &Status::Success)
        );
        assert_eq!(paid.amount, Some(dec!(12000)));
        assert_eq!(paid.phone, Some(Phone::Plain("256772123456".into())));
        assert!(paid.provider_time.is_some());
    }
    let failed = payment(
        &json!({"payoutId": "p-1", "status": "FAILED", "amount": "5", "currency": "UGX",
        "recipient": {"accountDetails": {"phoneNumber": "256772123456"}},
        "failureReason": {"failureCode": "RECIPIENT_NOT_FOUND", "failureMessage": "x"}}),
    );
    assert_eq!(
        (failed.kind, &failed.status),
        (PaymentKind::Disbursement, &Status::Failed)
    );
    assert_eq!(failed.reason.unwrap().kind, ReasonKind::PartyNotFound);
    // A second use of an id proves that the first arrived.
    let again = payment(
        &json!({"payoutId": "p-1", "status": "DUPLICATE_IGNORED", "created": "2024-06-11T06:15:30Z"}),
    );
    assert_eq!(again.status, Status::Ambiguous);
    assert_eq!(again.reason.unwrap().kind, ReasonKind::Duplicate);
    let states = [
        ("ACCEPTED", Status::Pending),
        ("SUBMITTED", Status::Pending),
        ("ENQUEUED", Status::Pending),
        ("IN_RECONCILIATION", Status::Ambiguous),
        ("SOMETHING_NEW", Status::Unknown("SOMETHING_NEW".into())),
    ];
    for (word, status) in states {
        assert_eq!(
            payment(&json!({"depositId": "d-2", "status": word})).status,
            status
        );
    }
    let refund = payment(
        &json!({"refundId": "r-1", "depositId": "d-1", "status": "COMPLETED", "amount": "12000", "currency": "UGX"}),
    );
    assert_eq!(
        (refund.kind, refund.reverses.as_deref()),
        (PaymentKind::Reversal, Some("d-1"))
    );
    let body = br#"{"status":"NOT_FOUND"}"#;
    assert!(
        matches!(parse(Channel::Pawapay, body), Ok(Message::Refusal(r)) if r.reason.kind == ReasonKind::NotFound)
    );
}

#[test]
fn kopo_kopo_results_and_further_topics() {
    let resource = |status: &str| {
        json!({"id": "x", "reference": "SFB41KX7PU", "amount": "700.0",
        "origination_time": "2024-06-11T09:15:33+03:00", "sender_phone_number": "+254712000111",
        "currency": "KES", "till_number": "K000111", "status": status, "sender_first_name": "TEST"})
    };
    let incoming = |status: &str, event: Value| {
        json!({"data": {"id": "in-1", "type": "incoming_payment", "attributes": {
            "initiation_time": "2024-06-11T09:15:20+03:00", "status": status, "event": event,
            "metadata": {"customer_id": "7", "reference": "EO41877"}, "_links": {"self": "https://x.test/1"}}}})
    };
    let event = json!({"type": "Incoming Payment Request", "resource": resource("Received"), "errors": null});
    let paid = payment(&incoming("Success", event));
    assert_eq!(
        (paid.kind, &paid.status),
        (PaymentKind::Collection, &Status::Success)
    );
    assert_eq!(ids(&paid), (Some("SFB41KX7PU"), Some("in-1")));
    assert_eq!(paid.reference.as_deref(), Some("EO41877"));
    assert_eq!(paid.amount, Some(dec!(700.0)));
    let event = json!({"type": "Incoming Payment Request", "resource": null,
        "errors": "The initiator's balance is insufficient"});
    let failed = payment(&incoming("Failed", event));
    assert_eq!(failed.status, Status::Failed);
    assert_eq!(failed.reason.unwrap().kind, ReasonKind::InsufficientFunds);
    let event = json!({"type": "Incoming Payment Request", "resource": null, "errors": null});
    assert_eq!(payment(&incoming("Pending", event)).status, Status::Pending);

    let out = json!({"data": {"id": "out-1", "type": "payment", "attributes": {
        "created_at": "2024-06-11T09:15:20+03:00", "status": "Processed",
        "amount": {"currency": "KES", "value": "3000.0"}, "transfer_batches": [{"status": "Transferred",
            "disbursements": [{"amount": "3000.0", "status": "Transferred",
                "origination_time": "2024-06-11T09:15:33+03:00", "transaction_reference": "SFB51KX8AA"}]}],
        "metadata": {"reference": "DSB-1"}}}});
    let sent = payment(&out);
    assert_eq!(
        (sent.kind, &sent.status),
        (PaymentKind::Disbursement, &Status::Success)
    );
    assert_eq!(ids(&sent), (Some("SFB51KX8AA"), Some("out-1")));
    assert_eq!(sent.money().unwrap().to_string(), "3000.00 KES");

    let topic = |topic: &str, resource: Value| json!({"topic": topic, "id": "w", "created_at": "x", "event": {"resource": resource}});
    let events = [
        (
            "buygoods_transaction_reversed",
            "Reversed",
            Status::Reversed,
        ),
        ("card_transaction_voided", "Voided", Status::Reversed),
        ("b2b_transaction_received", "Complete", Status::Success),
        ("card_transaction_received", "Received", Status::Success),
        (
            "buygoods_transaction_received",
            "Odd",
            Status::Unknown("Odd".into()),
        ),
    ];
    for (name, word, status) in events {
        assert_eq!(
            payment(&topic(name, resource(word))).status,
            status,
            "{name}"
        );
    }
    // Between merchants there is no receipt of M-Pesa.
    let m2m = json!({"id": "m2m-1", "amount": "10", "currency": "KES", "status": "Complete", "sending_merchant": "A"});
    assert_eq!(
        ids(&payment(&topic("m2m_transaction_received", m2m))),
        (Some("m2m-1"), None)
    );
    for name in ["customer_created", "settlement_transfer_completed"] {
        assert!(matches!(read(&topic(name, json!({}))), Message::Other { what } if what == name));
    }
}

#[test]
fn gsma_batches_bills_and_lists() {
    let row = |reference: &str| {
        json!({"amount": "16.00", "currency": "RWF", "type": "transfer",
        "debitParty": [{"key": "accountid", "value": "F-1"}], "creditParty": [{"key": "msisdn", "value": "+250781234567"}],
        "requestingOrganisationTransactionReference": reference})
    };
    let batch = |status: &str| {
        json!({"batchId": "B-1", "batchStatus": status, "batchTitle": "June",
        "completedCount": 1, "rejectionCount": 1, "processingFlag": true, "batchTransactions": [row("T-1"), row("T-2")]})
    };
    let states = [
        ("created", BatchStatus::Created, Status::Pending),
        ("approved", BatchStatus::Approved, Status::Pending),
        // Completed as a whole: which of them failed is in the lists.
        ("completed", BatchStatus::Completed, Status::Ambiguous),
        (
            "frozen",
            BatchStatus::Unknown("frozen".into()),
            Status::Unknown("frozen".into()),
        ),
    ];
    for (word, state, each) in states {
        let Message::Batch(read) = read(&batch(word)) else {
            panic!("{word}")
        };
        assert_eq!(
            (read.status, read.completed, read.rejected),
            (state, Some(1), Some(1))
        );
        let [one, two] = read.transactions.as_slice() else {
            panic!("{word}")
        };
        assert_eq!(
            (ids(one), ids(two)),
            ((None, Some("T-1")), (None, Some("T-2")))
        );
        assert_eq!(
            (one.kind, &one.status),
            (PaymentKind::Disbursement, &each),
            "{word}"
        );
        assert_eq!(one.phone, Some(Phone::Plain("250781234567".into())));
    }
    let lists = json!([{"transactionReference": "R-1", "requestingOrganisationTransactionReference": "T-1",
        "creditParty": [], "debitParty": [], "completionDate": "2024-06-11T09:15:33Z"}]);
    let Message::Payments(done) = read(&lists) else {
        panic!()
    };
    assert_eq!(
        (ids(&done[0]), &done[0].status),
        ((Some("R-1"), Some("T-1")), &Status::Success)
    );
    let lists = json!([{"requestingOrganisationTransactionReference": "T-2", "creditParty": [], "debitParty": [],
        "rejectionReason": "unknown payee", "rejectionDate": "2024-06-11T09:15:33Z"}]);
    let Message::Payments(refused) = read(&lists) else {
        panic!()
    };
    assert_eq!(
        (ids(&refused[0]), &refused[0].status),
        ((None, Some("T-2")), &Status::Failed)
    );
    // A statement.
    let lists = json!([{"transactionReference": "S-1", "transactionStatus": "completed", "amount": "5.00",
        "currency": "RWF", "creditParty": [{"key": "accountid", "value": "EO41877"}],
        "debitParty": [{"key": "msisdn", "value": "+250781234567"}], "creationDate": "2024-06-11T09:15:33Z"}]);
    let Message::Payments(rows) = read(&lists) else {
        panic!()
    };
    assert_eq!(rows[0].reference.as_deref(), Some("EO41877"));
    assert_eq!(rows[0].amount, Some(dec!(5.00)));
    // A bill payment.
    let paid = payment(
        &json!({"serviceProviderPaymentReference": "P-1", "billPaymentStatus": "completed",
        "paidAmount": "30.99", "currency": "RWF", "paymentType": "partialpayment", "customerReference": "EO41877",
        "requestingOrganisationTransactionReference": "O-1"}),
    );
    assert_eq!(ids(&paid), (Some("P-1"), Some("O-1")));
    assert_eq!(
        (paid.amount, paid.reference.as_deref()),
        (Some(dec!(30.99)), Some("EO41877"))
    );
    // A lost answer is found again under a link.
    let link = br#"{"link":"/transactions/REF-1"}"#;
    assert!(
        matches!(parse(Channel::Gsma, link), Ok(Message::Other { what }) if what == "/transactions/REF-1")
    );
}

#[test]
fn balances() {
    let Message::Balances(mtn) = read(&json!({"availableBalance": "-150.5", "currency": "UGX"}))
    else {
        panic!()
    };
    assert_eq!((mtn[0].available, mtn[0].current), (dec!(-150.5), None));
    let body = json!({"data": {"balance": "1250.75", "currency": "UGX", "account_status": "Active"},
        "status": {"response_code": "DP02100001001", "code": "200", "success": true, "message": "x"}});
    let Message::Balances(airtel) = read(&body) else {
        panic!()
    };
    assert_eq!(airtel[0].available, dec!(1250.75));
    for body in [
        json!({"result": true}),
        json!({"data": {"msisdn": "701234568", "is_barred": false},
        "status": {"response_code": "DP02200000001", "code": "200", "success": true}}),
    ] {
        assert!(matches!(read(&body), Message::Other { .. }), "{body}");
    }
    let braced = "{Amount={BasicAmount=46713.00, MinimumAmount=4671300, CurrencyCode=KES}}";
    let body = json!({"Result": {"ResultCode": "0", "ResultDesc": "x", "OriginatorConversationID": "c",
        "ResultParameters": {"ResultParameter": {"Key": "AccountBalance", "Value": braced}}}});
    let Message::Balances(mpesa) = read(&body) else {
        panic!()
    };
    assert_eq!(
        (mpesa[0].available, mpesa[0].currency.to_string()),
        (dec!(46713.00), "KES".into())
    );
}

/// Codes of Airtel that leave the outcome open, whatever the word beside them says.
#[test]
fn airtel_codes_that_are_no_failure() {
    let body = |code: &str, word: &str| {
        json!({"data": {"transaction": {"id": "EO1", "status": word}},
        "status": {"response_code": code, "code": "200", "success": false, "message": "x"}})
    };
    for code in [
        "DP00800001000",
        "DP00800001006",
        "DP00800001024",
        "DP00900001000",
        "DP00900001011",
        "DP00900001014",
        "DP00900001017",
        "ESB000001",
        "ESB000004",
        "ESB000008",
        "ESB000014",
        "ESB000041",
        "ROUTER117",
    ] {
        assert_eq!(
            payment(&body(code, "TF")).status,
            Status::Ambiguous,
            "{code}"
        );
    }
    for code in ["DP00800001999", "DP02100001001", "ROUTER998", "XYZ"] {
        let failed = payment(&body(code, "TF"));
        assert!(failed.needs_enquiry(), "{code}");
    }
    for code in ["DP00800001007", "DP00900001012", "ROUTER112", "ESB000011"] {
        let failed = payment(&body(code, "TF"));
        assert_eq!(
            (failed.status, failed.provisional),
            (Status::Failed, false),
            "{code}"
        );
    }
}
