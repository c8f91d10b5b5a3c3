//! The document against the effective layer, and the layers of the implemented side against each
//! other.

use crate::layer::effective;
use crate::{Discrepancy, Implementation, Input};

use super::compare;

/// The discrepancy table of a review.
pub(crate) fn discrepancies(input: &Input<'_>) -> Vec<Discrepancy> {
    let mut rows = match (input.documented, effective(input.layers)) {
        (Some(documented), Some(found)) => {
            compare(documented, found.catalog, input.sources, input.standard)
        }
        _ => Vec::new(),
    };
    for (at, one) in input.layers.iter().enumerate() {
        for other in input.layers.iter().skip(at + 1) {
            between(input, one, other, &mut rows);
        }
    }
    rows
}

/// What two layers tell differently, as rows of their own.
fn between(
    input: &Input<'_>,
    one: &Implementation<'_>,
    other: &Implementation<'_>,
    rows: &mut Vec<Discrepancy>,
) {
    for row in compare(one.catalog, other.catalog, input.sources, input.standard) {
        rows.push(Discrepancy {
            kind: "layer-differs",
            message: format!("The {} and the {} differ.", one.layer, other.layer),
            layers: vec![
                (one.layer, row.documented.clone()),
                (other.layer, row.implemented.clone()),
            ],
            documented: "–".to_owned(),
            implemented: format!(
                "{}: {}; {}: {}",
                one.layer, row.documented, other.layer, row.implemented
            ),
            ..row
        });
    }
}
