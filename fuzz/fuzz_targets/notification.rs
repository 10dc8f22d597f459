//! Every provider's reader takes any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mobile_money::{Channel, parse};

const CHANNELS: &[Channel] = &[
    Channel::AirtelCollectionCallback,
    Channel::AirtelCollection,
    Channel::AirtelDisbursement,
    Channel::AirtelRefund,
    Channel::AirtelRequest,
    Channel::AirtelPaybillValidation,
    Channel::AirtelPaybillConfirmation,
    Channel::MtnCollection,
    Channel::MtnDisbursement,
    Channel::MtnRequest,
    Channel::MpesaC2bValidation,
    Channel::MpesaC2bConfirmation,
    Channel::MpesaStk,
    Channel::MpesaB2cResult,
    Channel::MpesaReversalResult,
    Channel::MpesaStatusResult,
    Channel::MpesaBalanceResult,
    Channel::MpesaQueueTimeout,
    Channel::MpesaPull,
    Channel::MpesaReply,
    Channel::Gsma,
    Channel::TigoBillpay,
    Channel::TigoPush,
    Channel::KopoKopo,
    Channel::OrangeWebPay,
    Channel::PaygopsAms,
    Channel::Fincode,
    Channel::Onafriq,
];

fuzz_target!(|data: &[u8]| {
    for channel in CHANNELS {
        let _ = parse(*channel, data);
    }
});
