//! What to do about one problem.

use super::escape::{block, code, text};
use super::{STYLE, words};
use crate::report::handbook::Handbook;
use crate::report::human::joined;
use crate::report::story::{exchange, facts, linkable, reasons, why_not};
use crate::report::v1::{Cause, CheckEntry, Fix, Rank};

pub(super) fn write(out: &mut String, group: &[&CheckEntry], handbook: &Handbook) {
    let Some(first) = group.first() else { return };
    let subject = if group.len() == 1 { first.subject.as_deref() } else { None };
    let name = text(&joined(&first.id, subject));
    let (mark, word) = (STYLE.mark(first.status), words::status(first.status));
    out.push_str(&format!("### {mark} {name}: {word}\n\n"));
    out.push_str(&format!("Goal: {}\n\n", text(&first.title)));
    seen(out, group);
    for reason in reasons(first, handbook) {
        out.push_str(&format!("{}\n\n", text(reason)));
    }
    causes(out, &first.causes);
    if !first.fix.is_empty() {
        out.push_str("**How to mend it**\n\n");
        steps(out, &first.fix, 0);
        out.push('\n');
    }
}

fn seen(out: &mut String, group: &[&CheckEntry]) {
    out.push_str("**What was seen**\n\n");
    for check in group {
        let about = check.subject.as_deref().filter(|_| group.len() > 1);
        let about = about.map(|subject| format!("{}: ", text(subject))).unwrap_or_default();
        out.push_str(&format!("- {about}{}", text(&check.summary)));
        if let Some(reason) = &check.reason {
            let detail = reason.detail.as_deref().map(|detail| format!("; {detail}"));
            let told = format!("{}{}", why_not(reason), detail.unwrap_or_default());
            out.push_str(&format!(" \\({}\\)", text(&told)));
        }
        out.push('\n');
        if group.len() > 1 {
            continue;
        }
        for fact in facts(check) {
            out.push_str(&format!(
                "- {}: {}",
                text(&fact.key.replace('_', " ")),
                code(&fact.value)
            ));
            if let Some(expected) = &fact.expected {
                out.push_str(&format!(", expected {}", code(expected)));
            }
            if let Some(source) = &fact.source {
                out.push_str(&format!(" \\({}\\)", text(source)));
            }
            out.push('\n');
        }
        for http in &check.http {
            out.push_str(&format!("- {}\n", code(&exchange(http))));
        }
    }
    out.push('\n');
}

fn causes(out: &mut String, causes: &[Cause]) {
    if causes.is_empty() {
        return;
    }
    out.push_str("**Causes**\n\n");
    let (out_of_it, open): (Vec<&Cause>, Vec<&Cause>) =
        causes.iter().partition(|cause| cause.rank == Rank::RuledOut);
    for cause in open {
        let rank = words::rank(cause.rank);
        out.push_str(&format!("- {rank}: **{}**", text(&cause.title)));
        if !cause.because.is_empty() {
            let because: Vec<String> = cause.because.iter().map(|why| text(why)).collect();
            out.push_str(&format!(". {}", because.join(" ")));
        }
        out.push('\n');
        if !cause.fix.is_empty() {
            out.push('\n');
            steps(out, &cause.fix, 2);
        }
    }
    for cause in out_of_it {
        let because = cause.because.first().map(|why| format!(". {}", text(why)));
        let (rank, title) = (words::rank(cause.rank), text(&cause.title));
        out.push_str(&format!("- {rank}: {title}{}\n", because.unwrap_or_default()));
    }
    out.push('\n');
}

fn steps(out: &mut String, fixes: &[Fix], indent: usize) {
    let margin = " ".repeat(indent);
    for (number, fix) in (1..).zip(fixes) {
        let lead = format!("{number}. ");
        let inner = indent + lead.len();
        let hang = " ".repeat(inner);
        out.push_str(&format!("{margin}{lead}{}\n", text(&fix.text)));
        if let Some(place) = &fix.place {
            out.push_str(&format!("\n{hang}{}\n", text(place)));
        }
        match &fix.url {
            Some(url) if linkable(url) => out.push_str(&format!("\n{hang}<{url}>\n")),
            Some(url) => out.push_str(&format!("\n{hang}{}\n", code(url))),
            None => {}
        }
        if let Some(command) = &fix.command {
            out.push('\n');
            out.push_str(&block(command, inner));
        }
    }
}
