//! Providers and the messages each of them sends.

use serde::{Deserialize, Serialize};

/// A provider of mobile money or an aggregator in front of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Provider {
    /// Airtel Money Africa.
    Airtel,
    /// MTN Mobile Money.
    Mtn,
    /// Safaricom M-Pesa (Daraja).
    Mpesa,
    /// Any provider behind the GSMA Mobile Money API 1.2.
    Gsma,
    /// Tigo Pesa / Mixx by Yas.
    Tigo,
    /// Kopo Kopo.
    KopoKopo,
    /// Orange Money Web Payment.
    Orange,
    /// PaygOps account-management interface.
    Paygops,
    /// FinCode.
    Fincode,
    /// Onafriq (MFS Africa).
    Onafriq,
    /// pawaPay.
    Pawapay,
}

impl Provider {
    /// A lower-case word: `"airtel"`, `"mpesa"`, ...
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Airtel => "airtel",
            Self::Mtn => "mtn",
            Self::Mpesa => "mpesa",
            Self::Gsma => "gsma",
            Self::Tigo => "tigo",
            Self::KopoKopo => "kopokopo",
            Self::Orange => "orange",
            Self::Paygops => "paygops",
            Self::Fincode => "fincode",
            Self::Onafriq => "onafriq",
            Self::Pawapay => "pawapay",
        }
    }
}

/// Which message of a provider is being read. The host knows it from the address it was posted to
/// or from the call it answers; [`crate::wire::detect`] recognises it from the content where that
/// is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Channel {
    /// Airtel: callback for a collection push.
    AirtelCollectionCallback,
    /// Airtel: reply to a collection push, and the answer to a collection enquiry.
    AirtelCollection,
    /// Airtel: reply to a disbursement, and the answer to a disbursement enquiry.
    AirtelDisbursement,
    /// Airtel: reply to a refund.
    AirtelRefund,
    /// A collection push or disbursement request of ours to Airtel, read back.
    AirtelRequest,
    /// Airtel paybill: may this payment be made?
    AirtelPaybillValidation,
    /// Airtel paybill: this payment was made.
    AirtelPaybillConfirmation,
    /// MTN: request to pay, as callback or as the answer to a status query.
    MtnCollection,
    /// MTN: transfer or deposit, as callback or as the answer to a status query.
    MtnDisbursement,
    /// A request of ours to MTN, read back.
    MtnRequest,
    /// M-Pesa C2B: may this payment be made?
    MpesaC2bValidation,
    /// M-Pesa C2B: this payment was made.
    MpesaC2bConfirmation,
    /// M-Pesa STK push callback.
    MpesaStk,
    /// M-Pesa result of a B2C or B2B payment.
    MpesaB2cResult,
    /// M-Pesa result of a reversal.
    MpesaReversalResult,
    /// M-Pesa result of a transaction status query.
    MpesaStatusResult,
    /// M-Pesa result of an account balance query.
    MpesaBalanceResult,
    /// M-Pesa: anything posted to the queue time-out address. Always ambiguous.
    MpesaQueueTimeout,
    /// M-Pesa: answer of the pull-transactions query.
    MpesaPull,
    /// A validation or confirmation reply of ours to M-Pesa, read back.
    MpesaReply,
    /// GSMA: a transaction object or a request state, by callback or as an answer.
    Gsma,
    /// Tigo: bill payment request (XML); the money has moved.
    TigoBillpay,
    /// Tigo: push payment callback.
    TigoPush,
    /// Kopo Kopo: event.
    KopoKopo,
    /// Kopo Kopo: result of an incoming payment, a payment out or a reversal of ours.
    KopoKopoResult,
    /// Orange: Web Payment notice.
    OrangeWebPay,
    /// PaygOps: account query of a payment gateway.
    PaygopsAms,
    /// FinCode: transaction status event.
    Fincode,
    /// Onafriq: transfer callback.
    Onafriq,
    /// pawaPay: deposit, payout or refund, as callback, answer or status query.
    Pawapay,
}

impl Channel {
    /// Every channel, for hosts that list them and for tests that try them all.
    pub const ALL: [Self; 30] = [
        Self::AirtelCollectionCallback,
        Self::AirtelCollection,
        Self::AirtelDisbursement,
        Self::AirtelRefund,
        Self::AirtelRequest,
        Self::AirtelPaybillValidation,
        Self::AirtelPaybillConfirmation,
        Self::MtnCollection,
        Self::MtnDisbursement,
        Self::MtnRequest,
        Self::MpesaC2bValidation,
        Self::MpesaC2bConfirmation,
        Self::MpesaStk,
        Self::MpesaB2cResult,
        Self::MpesaReversalResult,
        Self::MpesaStatusResult,
        Self::MpesaBalanceResult,
        Self::MpesaQueueTimeout,
        Self::MpesaPull,
        Self::MpesaReply,
        Self::Gsma,
        Self::TigoBillpay,
        Self::TigoPush,
        Self::KopoKopo,
        Self::KopoKopoResult,
        Self::OrangeWebPay,
        Self::PaygopsAms,
        Self::Fincode,
        Self::Onafriq,
        Self::Pawapay,
    ];

    /// The provider that speaks through this channel.
    #[must_use]
    pub const fn provider(self) -> Provider {
        match self {
            Self::AirtelCollectionCallback
            | Self::AirtelCollection
            | Self::AirtelDisbursement
            | Self::AirtelRefund
            | Self::AirtelRequest
            | Self::AirtelPaybillValidation
            | Self::AirtelPaybillConfirmation => Provider::Airtel,
            Self::MtnCollection | Self::MtnDisbursement | Self::MtnRequest => Provider::Mtn,
            Self::MpesaC2bValidation
            | Self::MpesaC2bConfirmation
            | Self::MpesaStk
            | Self::MpesaB2cResult
            | Self::MpesaReversalResult
            | Self::MpesaStatusResult
            | Self::MpesaBalanceResult
            | Self::MpesaQueueTimeout
            | Self::MpesaPull
            | Self::MpesaReply => Provider::Mpesa,
            Self::Gsma => Provider::Gsma,
            Self::TigoBillpay | Self::TigoPush => Provider::Tigo,
            Self::KopoKopo | Self::KopoKopoResult => Provider::KopoKopo,
            Self::OrangeWebPay => Provider::Orange,
            Self::PaygopsAms => Provider::Paygops,
            Self::Fincode => Provider::Fincode,
            Self::Onafriq => Provider::Onafriq,
            Self::Pawapay => Provider::Pawapay,
        }
    }
}
