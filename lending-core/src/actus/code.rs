//! Coded values of terms and events.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::value::{self, Written};

/// An enumeration written as the codes of the ACTUS dictionary.
macro_rules! codes {
    (
        $(#[$meta:meta])*
        $name:ident, $allowed:literal {
            $($(#[$variant_meta:meta])* $variant:ident = $code:literal $(| $alias:literal)*,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// The code of the ACTUS dictionary.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }

        impl Written for $name {
            const ALLOWED: &'static str = $allowed;
            fn read(text: &str) -> Option<Self> {
                // Sources differ in the case of letters, and some write out the option's name.
                let is = |name: &str| text.eq_ignore_ascii_case(name);
                $(if is($code) $(|| is($alias))* {
                    return Some(Self::$variant);
                })+
                None
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                value::needed(deserializer)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> alloc::borrow::Cow<'static, str> {
                concat!("Actus", stringify!($name)).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "enum": [$($code),+],
                })
            }
        }
    };
}

codes! {
    /// The contract type: how principal comes back.
    ContractType, "one of PAM, LAM, NAM, ANN, LAX, CLM, UMP" {
        /// Principal at maturity: a bullet loan.
        Pam = "PAM",
        /// Linear amortizer: the same principal with every redemption.
        Lam = "LAM",
        /// Negative amortizer: a fixed payment whose interest comes first; principal may grow.
        Nam = "NAM",
        /// Annuity: equal payments that redeem the principal by the end.
        Ann = "ANN",
        /// Exotic linear amortizer: phases of principal payments, up and down, and of rates.
        Lax = "LAX",
        /// Call money: redeemed after notice.
        Clm = "CLM",
        /// Undefined maturity profile: a current or savings account.
        Ump = "UMP",
    }
}

codes! {
    /// Whether the record keeper lends or borrows.
    ContractRole, "one of RPA, RPL" {
        /// Real position asset: the record keeper lends; notional and interest are positive.
        Rpa = "RPA" | "realPositionAsset",
        /// Real position liability: the record keeper borrows; notional and interest are negative.
        Rpl = "RPL" | "realPositionLiability",
    }
}

codes! {
    /// The day-count convention.
    DayCountConvention, "one of AA, A360, A365, 30E360, 30E360ISDA, 28E336, B252" {
        /// Actual/actual ISDA.
        Aa = "AA" | "A/AISDA" | "actualActual",
        /// Actual/360.
        A360 = "A360" | "A/360" | "actualThreeSixty",
        /// Actual/365 fixed.
        A365 = "A365" | "A/365" | "actualThreeSixtyFive",
        /// 30E/360.
        E30360 = "30E360" | "30E/360" | "thirtyEThreeSixty",
        /// 30E/360 ISDA; the maturity date is its termination date.
        E30360Isda = "30E360ISDA" | "30E/360ISDA" | "thirtyEThreeSixtyISDA",
        /// 28E/336: months of 28 days.
        E28336 = "28E336" | "28E/336" | "twentyEightEThreeThirtySix",
        /// Business days over 252, by the contract's calendar.
        B252 = "B252" | "B/252" | "businessTwoFiftyTwo",
    }
}

codes! {
    /// Where an event goes that falls on a day off: shift (S) and calculate (C), in which order,
    /// and to the following (F) or preceding (P) business day, in the same month if modified (M).
    BusinessDayConvention, "one of NOS, NULL, SCF, SCMF, CSF, CSMF, SCP, SCMP, CSP, CSMP" {
        /// It stays.
        Nos = "NOS" | "noShift",
        /// Shifted to the following business day, calculated on the shifted date.
        Scf = "SCF",
        /// Shifted to the following business day of the month, else the preceding one; calculated
        /// on the shifted date.
        Scmf = "SCMF",
        /// Calculated on the scheduled date, then shifted to the following business day.
        Csf = "CSF",
        /// Calculated on the scheduled date, then shifted to the following business day of the
        /// month, else the preceding one.
        Csmf = "CSMF",
        /// Shifted to the preceding business day, calculated on the shifted date.
        Scp = "SCP",
        /// Shifted to the preceding business day of the month, else the following one; calculated
        /// on the shifted date.
        Scmp = "SCMP",
        /// Calculated on the scheduled date, then shifted to the preceding business day.
        Csp = "CSP",
        /// Calculated on the scheduled date, then shifted to the preceding business day of the
        /// month, else the following one.
        Csmp = "CSMP",
    }
}

codes! {
    /// What a cycle does with an anchor on the last day of its month.
    EndOfMonthConvention, "one of SD, EOM" {
        /// Same day: the anchor's day of the month, or the last day of a shorter month.
        Sd = "SD" | "sameDay",
        /// End of month: a cycle of months anchored on a last day stays on last days.
        Eom = "EOM" | "endOfMonth",
    }
}

codes! {
    /// Which days are business days.
    BusinessCalendar, "one of NC, MF, MFH" {
        /// No calendar: every day is one.
        Nc = "NC" | "NoCalendar",
        /// Monday to Friday.
        Mf = "MF" | "MondayToFriday",
        /// Monday to Friday, the contract's `holidays` being days off too.
        Mfh = "MFH" | "MondayToFridayWithHolidays",
    }
}

codes! {
    /// What a fee is reckoned on.
    FeeBasis, "one of A, N" {
        /// `feeRate` is an amount, paid on every fee date.
        Absolute = "A" | "absoluteValue",
        /// `feeRate` is a yearly rate on the notional, accrued between fee dates.
        Notional = "N",
    }
}

codes! {
    /// What interest accrues on.
    InterestCalculationBase, "one of NT, NTIED, NTL" {
        /// The notional as it stands.
        Nt = "NT",
        /// The amount `interestCalculationBaseAmount` from the initial exchange on.
        Ntied = "NTIED",
        /// The notional as it stood on the last date of its own cycle (IPCB events).
        Ntl = "NTL",
    }
}

codes! {
    /// What a scaling index scales: interest (first letter), notional (second letter).
    ScalingEffect, "one of OOO, IOO, ONO, INO" {
        /// Nothing.
        None = "OOO" | "000",
        /// Interest payments.
        Interest = "IOO" | "I00",
        /// Principal payments.
        Notional = "ONO" | "0N0",
        /// Both.
        Both = "INO" | "IN0",
    }
}

codes! {
    /// Whether a phase of an exotic amortizer pays principal back or draws more.
    IncreaseDecrease, "one of INC, DEC" {
        /// Principal is drawn.
        Increase = "INC",
        /// Principal is paid back.
        Decrease = "DEC",
    }
}

codes! {
    /// Whether a phase of an exotic amortizer fixes the rate or follows the market.
    FixedVariable, "one of FIX, VAR" {
        /// `arrayRate` is the rate.
        Fixed = "FIX" | "F",
        /// `arrayRate` is a spread on the observed value.
        Variable = "VAR" | "V",
    }
}

codes! {
    /// What a prepayment does to what follows.
    PrepaymentEffect, "one of N, A, M" {
        /// There are none.
        None = "N" | "noPrepayment",
        /// It lowers the principal, and with it what is paid later.
        Amount = "A" | "prepaymentReducesRedemptionAmount",
        /// It lowers the principal; payments end sooner.
        Maturity = "M" | "prepaymentReducesMaturity",
    }
}

codes! {
    /// How the penalty of a prepayment is reckoned.
    PenaltyType, "one of O, A, N, I" {
        /// There is none.
        None = "O" | "noPenalty",
        /// `penaltyRate` is an amount.
        Absolute = "A" | "fixedPenalty",
        /// `penaltyRate` is a yearly rate on the notional, since the last event.
        Rate = "N" | "relativePenalty",
        /// What the rate lies above the observed one, on the notional, since the last event.
        InterestDifferential = "I" | "interestRateDifferential",
    }
}

codes! {
    /// At which end of a period its payment or reset lies.
    CyclePoint, "one of B, E" {
        /// The beginning.
        Beginning = "B" | "beginning",
        /// The end.
        End = "E" | "end",
    }
}

codes! {
    /// The type of an event.
    EventType, "an event type of the ACTUS dictionary" {
        /// Analysis: the state at a time, nothing else.
        Ad = "AD",
        /// Credit event: the counterparty defaults. Nothing is paid.
        Ce = "CE" | "CD",
        /// Initial exchange: the principal is lent.
        Ied = "IED",
        /// Principal redemption.
        Pr = "PR",
        /// Principal increase.
        Pi = "PI",
        /// Prepayment of principal.
        Pp = "PP",
        /// Penalty payment.
        Py = "PY",
        /// Interest payment.
        Ip = "IP",
        /// Interest capitalization.
        Ipci = "IPCI",
        /// Fee payment.
        Fp = "FP",
        /// Rate reset to an observed value.
        Rr = "RR",
        /// Rate reset to a value fixed beforehand.
        Rrf = "RRF",
        /// Fixing of the principal redemption payment.
        Prf = "PRF",
        /// Scaling index fixing.
        Sc = "SC",
        /// Fixing of the interest calculation base.
        Ipcb = "IPCB",
        /// Purchase.
        Prd = "PRD",
        /// Termination.
        Td = "TD",
        /// Maturity.
        Md = "MD",
        /// Exercise: notice is given.
        Xd = "XD",
        /// Settlement after exercise.
        Std = "STD",
    }
}

impl EventType {
    /// The place of an event among those of one moment: principal, interest, fees, resets, then
    /// what ends the contract.
    pub(super) const fn rank(self) -> i64 {
        match self {
            Self::Pi | Self::Ied => 20,
            Self::Pr => 30,
            Self::Py => 32,
            Self::Pp => 34,
            Self::Ip | Self::Ipci => 40,
            Self::Fp => 60,
            Self::Rr | Self::Rrf => 100,
            Self::Prf => 105,
            Self::Sc => 110,
            Self::Ipcb => 120,
            Self::Prd => 130,
            Self::Td => 140,
            Self::Md => 150,
            Self::Xd => 160,
            Self::Std => 170,
            Self::Ce => 180,
            Self::Ad => 190,
        }
    }
}
