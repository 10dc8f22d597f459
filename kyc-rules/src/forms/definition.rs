//! Whether a form is one that can be filled in.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};

use super::{Field, FieldGroup, FieldKind, Form, FormError, FormProblem};
use crate::{code::Label, facts::ValueKind};

impl Form {
    /// Reads a form and checks its definition.
    ///
    /// # Errors
    /// [`FormProblem::Definition`], once for every fault.
    pub fn from_json(json: &str) -> Result<Self, Vec<FormError>> {
        let form: Self = serde_json::from_str(json).map_err(|error| {
            let nowhere = Label::from_static("form");
            alloc::vec![FormError {
                group: nowhere.clone(),
                entry: 1,
                field: nowhere,
                problem: FormProblem::Definition {
                    reason: error.to_string(),
                },
            }]
        })?;
        form.check_definition()?;
        Ok(form)
    }

    /// Checks the definition: ids once each, dependencies on fields before, choices that differ,
    /// defaults, patterns and ranges that fit their field.
    ///
    /// # Errors
    /// [`FormProblem::Definition`], once for every fault.
    pub fn check_definition(&self) -> Result<(), Vec<FormError>> {
        let mut errors = Vec::new();
        let mut groups = BTreeSet::new();
        for group in &self.groups {
            let mut report = |field: &Label, reason: String| {
                errors.push(FormError {
                    group: group.id.clone(),
                    entry: 1,
                    field: field.clone(),
                    problem: FormProblem::Definition { reason },
                });
            };
            if !groups.insert(&group.id) {
                report(&group.id, "two groups have this id".into());
            }
            let bounded = group.entries_min > 0 || group.entries_max.is_some();
            if bounded && !group.repeats {
                report(
                    &group.id,
                    "only a group that repeats counts its entries".into(),
                );
            }
            if group
                .entries_max
                .is_some_and(|most| most < group.entries_min)
            {
                report(&group.id, "more entries are needed than allowed".into());
            }
            group.check_fields(&mut report);
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }
}

impl FieldGroup {
    fn check_fields(&self, report: &mut impl FnMut(&Label, String)) {
        let mut before: BTreeSet<&Label> = BTreeSet::new();
        for field in &self.fields {
            if before.contains(&field.id) {
                report(&field.id, "two fields have this id".into());
            }
            let choices = match &field.kind {
                FieldKind::Selection(choices) => choices.as_slice(),
                _ => &[],
            };
            let own = choices.iter().filter_map(|choice| choice.only_if.as_ref());
            for other in field.only_if.iter().chain(own).flat_map(|d| d.fields()) {
                if !before.contains(other) {
                    report(
                        &field.id,
                        alloc::format!("it depends on {other}, not a field before it"),
                    );
                }
            }
            for fault in field.faults() {
                report(&field.id, fault.into());
            }
            before.insert(&field.id);
        }
    }
}

impl Field {
    fn faults(&self) -> Vec<&'static str> {
        let kind = self.kind.value_kind();
        let mut faults = Vec::new();
        if let FieldKind::Selection(choices) = &self.kind {
            let values: BTreeSet<&String> = choices.iter().map(|choice| &choice.value).collect();
            if values.is_empty() || values.len() != choices.len() {
                faults.push("a selection has choices, each once");
            }
        }
        let text = self.kind == FieldKind::Text;
        if (self.pattern.is_some() || self.length_max.is_some()) && !text {
            faults.push("only a text has a pattern or a length");
        }
        let ends = [&self.from, &self.to];
        let ordered = matches!(kind, ValueKind::Number | ValueKind::Money | ValueKind::Date);
        if ends.iter().any(|end| {
            end.as_ref()
                .is_some_and(|end| !ordered || end.kind() != kind)
        }) {
            faults.push("a range is of numbers, amounts or dates, as the field is");
        } else if let (Some(from), Some(to)) = (&self.from, &self.to)
            && from.order(to).is_none_or(core::cmp::Ordering::is_gt)
        {
            faults.push("the range holds nothing");
        }
        let choice = |value: &crate::facts::Value| match &self.kind {
            FieldKind::Selection(choices) => choices
                .iter()
                .any(|choice| crate::facts::Value::Text(choice.value.clone()) == *value),
            _ => true,
        };
        if let Some(default) = &self.default
            && (self.check_alone(default).is_err() || !choice(default))
        {
            faults.push("the default would be refused as an answer");
        }
        if self.unique && self.default.is_some() {
            faults.push("a unique field has no default");
        }
        faults
    }
}
