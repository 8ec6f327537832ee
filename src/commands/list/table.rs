//! Rows with headings, in the width of the terminal.

use crate::report::text::{columns, pad, wrap};

/// Between two columns.
const GAP: usize = 2;
/// The last column takes what is left; with less than this each row becomes a paragraph.
const NARROWEST: usize = 24;
/// What hangs below the first line of a paragraph.
const INDENT: &str = "  ";

/// The rows under their headings. The last column wraps where there is a width; without one each
/// row is one line.
pub(super) fn lay_out(headers: &[&str], rows: &[Vec<String>], width: Option<usize>) -> String {
    let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
    let all = || std::iter::once(&headers).chain(rows);
    let widths: Vec<usize> = (0..headers.len().saturating_sub(1))
        .map(|at| all().filter_map(|row| row.get(at)).map(|cell| columns(cell)).max().unwrap_or(0))
        .collect();
    let before: usize = widths.iter().map(|width| width + GAP).sum();
    let last = width.map(|width| width.saturating_sub(before));
    let mut out = String::new();
    for row in all() {
        match (last, width) {
            (Some(last), Some(width)) if last < NARROWEST => paragraph(row, width, &mut out),
            _ => line(row, &widths, before, last, &mut out),
        }
    }
    out
}

fn line(row: &[String], widths: &[usize], before: usize, last: Option<usize>, out: &mut String) {
    let Some((end, first)) = row.split_last() else { return };
    for (cell, width) in first.iter().zip(widths) {
        out.push_str(&pad(cell, width + GAP));
    }
    let lines = last.map_or_else(|| vec![end.clone()], |last| wrap(end, last));
    for (number, text) in lines.iter().enumerate() {
        if number > 0 {
            out.push_str(&" ".repeat(before));
        }
        out.push_str(text);
        out.push('\n');
    }
}

fn paragraph(row: &[String], width: usize, out: &mut String) {
    let Some((first, rest)) = row.split_first() else { return };
    out.push_str(first);
    out.push('\n');
    for text in wrap(&rest.join(", "), width.saturating_sub(INDENT.len())) {
        out.push_str(INDENT);
        out.push_str(&text);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        vec![
            row(["customer", "View", "Lists > Customers, documented"]),
            row(["salesOrder", "View", "Transactions > Sales Order; feature Sales Orders"]),
        ]
    }

    fn laid_out(width: Option<usize>) -> String {
        lay_out(&["RECORD TYPE", "LEVEL", "PERMISSION"], &rows(), width)
    }

    #[test]
    fn a_row_is_a_line_where_there_is_no_width() {
        assert_eq!(
            laid_out(None),
            "RECORD TYPE  LEVEL  PERMISSION\n\
             customer     View   Lists > Customers, documented\n\
             salesOrder   View   Transactions > Sales Order; feature Sales Orders\n"
        );
    }

    #[test]
    fn the_last_column_wraps_and_a_narrow_one_becomes_a_paragraph() {
        let text = laid_out(Some(50));
        assert!(
            text.contains(
                "salesOrder   View   Transactions > Sales Order;\n\
                 \x20                   feature Sales Orders\n"
            ),
            "{text}"
        );
        let text = laid_out(Some(40));
        assert!(text.starts_with("RECORD TYPE\n  LEVEL, PERMISSION\ncustomer\n  View, "), "{text}");
        for width in 40..=120 {
            for line in laid_out(Some(width)).lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
        }
    }
}
