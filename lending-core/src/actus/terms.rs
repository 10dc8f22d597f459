//! The terms of a contract, by their ACTUS names.

use alloc::{string::String, vec::Vec};

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    code::{
        BusinessCalendar, BusinessDayConvention, ContractRole, ContractType, CyclePoint,
        DayCountConvention, EndOfMonthConvention, FeeBasis, FixedVariable, IncreaseDecrease,
        InterestCalculationBase, PenaltyType, PrepaymentEffect, ScalingEffect,
    },
    value,
};

/// Declares the terms: groups of a reader, a type and the type of the schema, then the terms;
/// last the terms of other contract types, which are read over.
macro_rules! terms {
    ($(
        $reader:literal $kind:ty as $schema:literal {
            $($(#[$meta:meta])* $name:ident,)+
        }
    )+
    foreign {
        $($foreign:ident,)+
    }) => {
        /// The terms of a contract.
        ///
        /// Reads the JSON object of an ACTUS contract: the dictionary's names in camelCase;
        /// numbers as JSON numbers or texts; times as `2026-01-31T00:00:00` (24:00:00 is the end
        /// of the day) or plain dates; lists as JSON lists, single values, or texts with commas.
        /// An empty text and `NULL` are no value. Terms of other contract types (of options,
        /// swaps, stock, ...) are read over, as are the dictionary's terms that no figure depends
        /// on; a name that is no term is refused, for a mistyped term would change every figure.
        ///
        /// Amounts are in the contract's currency and above zero whatever the role; rates are
        /// fractions of one a year (0.05 is 5%).
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default, rename_all = "camelCase", deny_unknown_fields)]
        #[non_exhaustive]
        pub struct ActusTerms {
            $($(
                $(#[$meta])*
                #[serde(deserialize_with = $reader)]
                #[cfg_attr(feature = "schema", schemars(with = $schema))]
                pub $name: $kind,
            )+)+
            $(
                #[serde(deserialize_with = "value::read_over", skip_serializing)]
                #[cfg_attr(feature = "schema", schemars(with = "value::Anything"))]
                $foreign: (),
            )+
        }
    };
}

terms! {
    "value::one" Option<ContractType> as "Option<ContractType>" {
        /// The contract type. Needed.
        contract_type,
    }
    "value::one" Option<ContractRole> as "Option<ContractRole>" {
        /// Lender (RPA) or borrower (RPL). Needed.
        contract_role,
    }
    "value::one" Option<DayCountConvention> as "Option<DayCountConvention>" {
        /// The day count of interest and fees. Needed.
        day_count_convention,
    }
    "value::one" Option<BusinessCalendar> as "Option<BusinessCalendar>" {
        /// The business days; every day is one when missing.
        calendar,
    }
    "value::one" Option<BusinessDayConvention> as "Option<BusinessDayConvention>" {
        /// Where events on days off go; they stay when missing.
        business_day_convention,
    }
    "value::one" Option<EndOfMonthConvention> as "Option<EndOfMonthConvention>" {
        /// Month ends of cycles; same day when missing.
        end_of_month_convention,
    }
    "value::one" Option<FeeBasis> as "Option<FeeBasis>" {
        /// What `feeRate` is reckoned on; the notional when missing.
        fee_basis,
    }
    "value::one" Option<InterestCalculationBase> as "Option<InterestCalculationBase>" {
        /// What interest accrues on; the notional when missing.
        interest_calculation_base,
    }
    "value::one" Option<ScalingEffect> as "Option<ScalingEffect>" {
        /// What the scaling index scales; nothing when missing.
        scaling_effect,
    }
    "value::one" Option<PrepaymentEffect> as "Option<PrepaymentEffect>" {
        /// Whether principal is prepaid by a model; observed prepayments happen whatever it says.
        prepayment_effect,
    }
    "value::one" Option<PenaltyType> as "Option<PenaltyType>" {
        /// The penalty of prepayments by a model; none when missing.
        penalty_type,
    }
    "value::one" Option<CyclePoint> as "Option<CyclePoint>" {
        /// Whether interest is paid at the end (E) of its period, as when missing, or at its
        /// beginning (B). B: PAM, LAM, LAX.
        cycle_point_of_interest_payment,
        /// Whether a rate is fixed at the beginning (B) of the period it holds for, as when
        /// missing, or at its end (E). E: PAM, LAM, LAX.
        cycle_point_of_rate_reset,
    }
    "value::one" Option<NaiveDateTime> as "Option<String>" {
        /// When the terms were looked at: events up to and on this day are past. Needed.
        status_date,
        /// When the deal was made. Carried only.
        contract_deal_date,
        /// When principal is lent. Needed.
        initial_exchange_date,
        /// When the rest falls due. Needed for PAM; LAM, NAM, ANN and LAX can derive it.
        maturity_date,
        /// ANN: the day to which payments are reckoned when it lies after the maturity.
        amortization_date,
        /// The first interest payment; every `cycleOfInterestPayment` from here.
        cycle_anchor_date_of_interest_payment,
        /// The last capitalization: interest dates up to here capitalize.
        capitalization_end_date,
        /// The first redemption.
        cycle_anchor_date_of_principal_redemption,
        /// The first fixing of the interest calculation base (NTL).
        cycle_anchor_date_of_interest_calculation_base,
        /// The first rate reset.
        cycle_anchor_date_of_rate_reset,
        /// The first fee.
        cycle_anchor_date_of_fee,
        /// The first scaling.
        cycle_anchor_date_of_scaling_index,
        /// When the contract was bought; earlier events do not belong to the buyer.
        purchase_date,
        /// When the contract was sold.
        termination_date,
        /// The first prepayment by the model; the initial exchange when missing.
        cycle_anchor_date_of_optionality,
        /// Carried only.
        option_exercise_end_date,
        /// Carried only.
        non_performing_date,
        /// Carried only.
        exercise_date,
    }
    "value::one" Option<Decimal> as "Option<value::Number>" {
        /// The principal. Needed.
        notional_principal,
        /// Added to the principal at the initial exchange; a discount is below zero.
        #[serde(rename = "premiumDiscountAtIED")]
        premium_discount_at_ied,
        /// The yearly rate; no interest when missing.
        nominal_interest_rate,
        /// Interest accrued when the terms were looked at; when missing, what has accrued since
        /// the last interest date (CLM, UMP: nothing).
        accrued_interest,
        /// LAM: principal of a redemption. NAM, ANN: principal and interest together.
        next_principal_redemption_payment,
        /// What interest accrues on at first, with NTIED and NTL; the notional when missing.
        interest_calculation_base_amount,
        /// The price paid at the purchase, without accrued interest.
        price_at_purchase_date,
        /// The price received at the termination, without accrued interest.
        price_at_termination_date,
        /// Added to the observed rate.
        rate_spread,
        /// Multiplies the observed rate; 1 when missing.
        rate_multiplier,
        /// The rate of the next reset, already fixed.
        next_reset_rate,
        /// The highest rate.
        life_cap,
        /// The lowest rate.
        life_floor,
        /// The highest change of the rate at a reset.
        period_cap,
        /// The lowest change of the rate at a reset (a decrease is below zero).
        period_floor,
        /// The fee, by `feeBasis`.
        fee_rate,
        /// Fees accrued when the terms were looked at.
        fee_accrued,
        /// The index when the deal was made.
        scaling_index_at_contract_deal_date,
        /// The index when the terms were looked at: what older dictionaries scale by.
        scaling_index_at_status_date,
        /// What principal payments were scaled by; 1 when missing.
        notional_scaling_multiplier,
        /// What interest payments were scaled by; 1 when missing.
        interest_scaling_multiplier,
        /// Carried only.
        market_value_observed,
        /// The penalty of a prepayment, by `penaltyType`.
        penalty_rate,
        /// Carried only.
        delinquency_rate,
        /// Carried only.
        credit_line_amount,
        /// Carried only.
        exercise_amount,
        /// Carried only: accounts have no penalty.
        maximum_penalty_free_disbursement,
    }
    "value::one" Option<String> as "Option<String>" {
        /// The currency code. Needed.
        currency,
        /// Another currency to pay in: amounts are multiplied by the observed value of
        /// `currency/settlementCurrency`.
        settlement_currency,
        /// How often interest is paid, such as `P1ML0`.
        cycle_of_interest_payment,
        /// How often principal is redeemed.
        cycle_of_principal_redemption,
        /// How often the interest calculation base is fixed.
        cycle_of_interest_calculation_base,
        /// How often the rate is reset.
        cycle_of_rate_reset,
        /// How often a fee is paid.
        cycle_of_fee,
        /// How often the index scales.
        cycle_of_scaling_index,
        /// The observed rate.
        market_object_code_of_rate_reset,
        /// The observed index.
        market_object_code_of_scaling_index,
        /// CLM: from notice to settlement, such as `P31D`.
        x_day_notice,
        /// Carried only.
        #[serde(rename = "contractID")]
        contract_id,
        /// Carried only.
        #[serde(rename = "creatorID", alias = "legalEntityIDRecordCreator")]
        creator_id,
        /// Carried only.
        #[serde(rename = "counterpartyID", alias = "legalEntityIDCounterparty")]
        counterparty_id,
        /// Carried only.
        market_object_code,
        /// Carried only: credit events are not derived from it.
        contract_performance,
        /// Carried only.
        seniority,
        /// Carried only.
        prepayment_period,
        /// Carried only.
        grace_period,
        /// Carried only.
        delinquency_period,
        /// Carried only: an observed value is taken at the reset itself.
        fixing_period,
        /// Carried only: the name of `fixingPeriod` in older dictionaries.
        fixing_days,
        /// How often principal is prepaid by the model.
        cycle_of_optionality,
        /// The observed principal that is prepaid: never more than is left.
        object_code_of_prepayment_model,
        /// Carried only.
        settlement_period,
    }
    "value::many" Vec<NaiveDate> as "Vec<String>" {
        /// Days off besides Saturdays and Sundays, with calendar MFH.
        holidays,
    }
    "value::many" Vec<NaiveDateTime> as "Vec<String>" {
        /// LAX: the first principal payment of each phase.
        array_cycle_anchor_date_of_principal_redemption,
        /// LAX: the first interest payment of each phase.
        array_cycle_anchor_date_of_interest_payment,
        /// LAX: the first rate reset of each phase.
        array_cycle_anchor_date_of_rate_reset,
    }
    "value::many" Vec<String> as "Vec<String>" {
        /// LAX: how often principal is paid in each phase; once each when empty.
        array_cycle_of_principal_redemption,
        /// LAX: how often interest is paid in each phase; once each when empty.
        array_cycle_of_interest_payment,
        /// LAX: how often the rate is reset in each phase; once each when empty.
        array_cycle_of_rate_reset,
    }
    "value::many" Vec<Decimal> as "Vec<value::Number>" {
        /// LAX: the principal payment of each phase.
        array_next_principal_redemption_payment,
        /// LAX: the rate, or the spread, of each phase.
        array_rate,
    }
    "value::many" Vec<IncreaseDecrease> as "Vec<IncreaseDecrease>" {
        /// LAX: whether a phase draws or pays back.
        array_increase_decrease,
    }
    "value::many" Vec<FixedVariable> as "Vec<FixedVariable>" {
        /// LAX: whether a phase's rate is fixed.
        array_fixed_variable,
    }
    foreign {
        boundary_crossed_flag,
        boundary_direction,
        boundary_effect,
        boundary_leg_initially_active,
        boundary_monitoring_anchor_date,
        boundary_monitoring_cycle,
        boundary_monitoring_end_date,
        boundary_value,
        clearing_house,
        contract_structure,
        coverage_of_credit_enhancement,
        credit_event_type_covered,
        currency2,
        cycle_anchor_date_of_dividend,
        cycle_anchor_date_of_margining,
        cycle_of_dividend,
        cycle_of_margining,
        delivery_settlement,
        ex_dividend_date,
        futures_price,
        guaranteed_exposure,
        initial_margin,
        maintenance_margin_lower_bound,
        maintenance_margin_upper_bound,
        next_dividend_payment_amount,
        nominal_interest_rate2,
        notional_principal2,
        option_exercise_type,
        option_strike1,
        option_strike2,
        option_type,
        quantity,
        unit,
        variation_margin,
    }
}
