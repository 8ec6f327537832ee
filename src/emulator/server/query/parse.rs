//! Reads `SELECT … FROM … WHERE … ORDER BY … FETCH …`, and refuses everything else.

use jiff::civil::DateTime;

/// What is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// `*`
    All,
    /// `COUNT(*)`, with its name in the answer.
    Count(String),
    /// A column, with its name in the answer.
    Column(String, String),
    /// A constant, with its name in the answer.
    Constant(String, String),
    /// `TO_CHAR(column, 'mask')`, with its name in the answer.
    Written(String, String, String),
}

/// A condition; all of them must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Predicate {
    /// A column is one of these values.
    OneOf(String, Vec<String>),
    /// A column is none of these values.
    NoneOf(String, Vec<String>),
    /// A column compared with a value.
    Compare(String, Operator, Compared),
    /// A column is blank, or is not.
    Null(String, bool),
}

impl Predicate {
    /// The column that it is about.
    pub(super) fn column(&self) -> &String {
        match self {
            Self::OneOf(column, _)
            | Self::NoneOf(column, _)
            | Self::Compare(column, ..)
            | Self::Null(column, _) => column,
        }
    }
}

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Less,
    AtMost,
    More,
    AtLeast,
}

/// What a column is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Compared {
    /// A number or a text.
    Plain(String),
    /// `TO_TIMESTAMP('…', 'mask')` or `TO_DATE`, as `YYYY-MM-DD HH24:MI:SS`.
    Time(String),
}

/// A query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Select {
    pub(super) items: Vec<Item>,
    /// Empty where there is no FROM.
    pub(super) table: String,
    pub(super) conditions: Vec<Predicate>,
    /// Columns, and whether downwards.
    pub(super) order: Vec<(String, bool)>,
    /// From ROWNUM.
    pub(super) rownum: Option<usize>,
    /// From TOP or FETCH.
    pub(super) most: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Symbol(char),
}

/// Reads a query, or gives the word at which it could not be read.
pub(super) fn parse(text: &str) -> Result<Select, String> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0 };
    let select = reader.select()?;
    match reader.peek() {
        None => Ok(select),
        Some(_) => Err(reader.stuck()),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        if c == '\'' {
            let mut value = String::new();
            loop {
                match chars.next() {
                    Some('\'') if chars.peek() == Some(&'\'') => {
                        value.push('\'');
                        chars.next();
                    }
                    Some('\'') => break,
                    Some(c) => value.push(c),
                    None => return Err("'".to_owned()),
                }
            }
            tokens.push(Token::Text(value));
        } else if c.is_ascii_alphanumeric() || c == '_' {
            let mut word = String::from(c);
            while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                word.push(c);
            }
            tokens.push(Token::Word(word));
        } else if "*,.()=<>!-".contains(c) {
            tokens.push(Token::Symbol(c));
        } else {
            return Err(c.to_string());
        }
    }
    Ok(tokens)
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn stuck(&self) -> String {
        match self.peek() {
            Some(Token::Word(word)) => word.clone(),
            Some(Token::Text(text)) => format!("'{text}'"),
            Some(Token::Symbol(symbol)) => symbol.to_string(),
            None => "end".to_owned(),
        }
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let hit = matches!(self.peek(), Some(Token::Word(w)) if w.eq_ignore_ascii_case(keyword));
        self.at += usize::from(hit);
        hit
    }

    fn symbol(&mut self, symbol: char) -> bool {
        let hit = self.peek() == Some(&Token::Symbol(symbol));
        self.at += usize::from(hit);
        hit
    }

    fn need(&mut self, found: bool) -> Result<(), String> {
        if found { Ok(()) } else { Err(self.stuck()) }
    }

    fn word(&mut self) -> Result<String, String> {
        match self.peek().cloned() {
            Some(Token::Word(word)) => {
                self.at += 1;
                Ok(word)
            }
            _ => Err(self.stuck()),
        }
    }

    fn number(&mut self) -> Result<usize, String> {
        let at = self.at;
        self.word()?.parse().map_err(|_| {
            self.at = at;
            self.stuck()
        })
    }

    fn value(&mut self) -> Result<String, String> {
        match self.peek().cloned() {
            Some(Token::Text(text)) => {
                self.at += 1;
                Ok(text)
            }
            Some(Token::Word(word)) if word.bytes().all(|b| b.is_ascii_digit()) => {
                self.at += 1;
                Ok(word)
            }
            // A number below zero.
            Some(Token::Symbol('-')) => {
                self.at += 1;
                Ok(format!("-{}", self.number()?))
            }
            _ => Err(self.stuck()),
        }
    }

    fn text(&mut self) -> Result<String, String> {
        match self.peek().cloned() {
            Some(Token::Text(text)) => {
                self.at += 1;
                Ok(text)
            }
            _ => Err(self.stuck()),
        }
    }

    /// A column, with or without the table's name before it.
    fn column(&mut self) -> Result<String, String> {
        let mut name = self.word()?;
        if self.symbol('.') {
            name = self.word()?;
        }
        Ok(name.to_ascii_lowercase())
    }

    fn select(&mut self) -> Result<Select, String> {
        let found = self.keyword("SELECT");
        self.need(found)?;
        let mut select = Select::default();
        if self.keyword("TOP") {
            select.most = Some(self.number()?);
        }
        loop {
            let item = self.item(select.items.len())?;
            select.items.push(item);
            if !self.symbol(',') {
                break;
            }
        }
        if self.keyword("FROM") {
            select.table = self.word()?;
            let clauses = ["WHERE", "ORDER", "FETCH"];
            if matches!(self.peek(), Some(Token::Word(w)) if !clauses.iter().any(|c| w.eq_ignore_ascii_case(c)))
            {
                self.at += 1;
            }
        }
        if self.keyword("WHERE") {
            loop {
                self.condition(&mut select)?;
                if !self.keyword("AND") {
                    break;
                }
            }
        }
        self.order(&mut select)?;
        self.fetch(&mut select)?;
        Ok(select)
    }

    fn item(&mut self, number: usize) -> Result<Item, String> {
        if self.symbol('*') {
            return Ok(Item::All);
        }
        let default = format!("expr{}", number + 1);
        if let Ok(value) = self.value() {
            return Ok(Item::Constant(value, self.alias()?.unwrap_or(default)));
        }
        if self.keyword("COUNT") {
            let found = self.symbol('(') && self.symbol('*') && self.symbol(')');
            self.need(found)?;
            return Ok(Item::Count(self.alias()?.unwrap_or(default)));
        }
        if self.keyword("TO_CHAR") {
            let found = self.symbol('(');
            self.need(found)?;
            let column = self.column()?;
            let found = self.symbol(',');
            self.need(found)?;
            let at = self.at;
            let mask = self.text()?;
            let end = self.symbol(')');
            self.need(end)?;
            // A mask that cannot be written is where the reading ends.
            if write("2026-01-02 03:04:05", &mask).is_none() {
                self.at = at;
                return Err(self.stuck());
            }
            return Ok(Item::Written(column, mask, self.alias()?.unwrap_or(default)));
        }
        let column = self.column()?;
        let name = self.alias()?.unwrap_or_else(|| column.clone());
        Ok(Item::Column(column, name))
    }

    fn alias(&mut self) -> Result<Option<String>, String> {
        if self.keyword("AS") {
            return Ok(Some(self.word()?.to_ascii_lowercase()));
        }
        Ok(None)
    }

    fn condition(&mut self, select: &mut Select) -> Result<(), String> {
        let column = self.column()?;
        if column == "rownum" {
            let found = self.symbol('<');
            self.need(found)?;
            let inclusive = self.symbol('=');
            let number = self.number()?;
            select.rownum = Some(if inclusive { number } else { number.saturating_sub(1) });
            return Ok(());
        }
        let condition = if self.keyword("IN") {
            let found = self.symbol('(');
            self.need(found)?;
            let mut values = vec![self.value()?];
            while self.symbol(',') {
                values.push(self.value()?);
            }
            let found = self.symbol(')');
            self.need(found)?;
            Predicate::OneOf(column, values)
        } else if self.keyword("IS") {
            let not = self.keyword("NOT");
            let found = self.keyword("NULL");
            self.need(found)?;
            Predicate::Null(column, !not)
        } else if self.symbol('=') {
            Predicate::OneOf(column, vec![self.value()?])
        } else if self.symbol('!') {
            let found = self.symbol('=');
            self.need(found)?;
            Predicate::NoneOf(column, vec![self.value()?])
        } else if self.symbol('<') {
            if self.symbol('>') {
                Predicate::NoneOf(column, vec![self.value()?])
            } else if self.symbol('=') {
                Predicate::Compare(column, Operator::AtMost, self.compared()?)
            } else {
                Predicate::Compare(column, Operator::Less, self.compared()?)
            }
        } else {
            let found = self.symbol('>');
            self.need(found)?;
            let operator = if self.symbol('=') { Operator::AtLeast } else { Operator::More };
            Predicate::Compare(column, operator, self.compared()?)
        };
        select.conditions.push(condition);
        Ok(())
    }

    /// A value, or a time made of a text and its mask.
    fn compared(&mut self) -> Result<Compared, String> {
        if !(self.keyword("TO_TIMESTAMP") || self.keyword("TO_DATE")) {
            return self.value().map(Compared::Plain);
        }
        let found = self.symbol('(');
        self.need(found)?;
        let at = self.at;
        let text = self.text()?;
        let found = self.symbol(',');
        self.need(found)?;
        let mask = self.text()?;
        let found = self.symbol(')');
        self.need(found)?;
        let whole = match mask.to_ascii_uppercase().as_str() {
            "YYYY-MM-DD HH24:MI:SS" => text.clone(),
            "YYYY-MM-DD" => format!("{text} 00:00:00"),
            _ => String::new(),
        };
        match whole.parse::<DateTime>() {
            Ok(time) if whole == time.strftime("%Y-%m-%d %H:%M:%S").to_string() => {
                Ok(Compared::Time(whole))
            }
            _ => {
                self.at = at;
                Err(self.stuck())
            }
        }
    }

    fn order(&mut self, select: &mut Select) -> Result<(), String> {
        if !self.keyword("ORDER") {
            return Ok(());
        }
        let found = self.keyword("BY");
        self.need(found)?;
        loop {
            let column = self.column()?;
            let down = self.keyword("DESC");
            if !down {
                self.keyword("ASC");
            }
            select.order.push((column, down));
            if !self.symbol(',') {
                return Ok(());
            }
        }
    }

    fn fetch(&mut self, select: &mut Select) -> Result<(), String> {
        if !self.keyword("FETCH") {
            return Ok(());
        }
        let found = self.keyword("FIRST") || self.keyword("NEXT");
        self.need(found)?;
        select.most = Some(self.number()?);
        let found = (self.keyword("ROWS") || self.keyword("ROW")) && self.keyword("ONLY");
        self.need(found)
    }
}

/// A time, given as `YYYY-MM-DD HH24:MI:SS`, as `TO_CHAR` writes it; nothing where the mask has
/// other letters than those of these parts.
pub(super) fn write(time: &str, mask: &str) -> Option<String> {
    let parts = [
        ("YYYY", 0..4),
        ("MM", 5..7),
        ("DD", 8..10),
        ("HH24", 11..13),
        ("MI", 14..16),
        ("SS", 17..19),
    ];
    let mask = mask.to_ascii_uppercase();
    let (mut rest, mut out) = (mask.as_str(), String::new());
    while let Some(first) = rest.chars().next() {
        let part = parts.iter().find_map(|(name, at)| Some((rest.strip_prefix(name)?, at.clone())));
        if let Some((after, at)) = part {
            out.push_str(time.get(at)?);
            rest = after;
        } else if first.is_ascii_alphanumeric() || first == '"' {
            return None;
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..)?;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_probes_are_read() {
        let select = parse("SELECT id, c.name AS n FROM customer c WHERE ROWNUM <= 1").unwrap();
        assert_eq!(select.table, "customer");
        assert_eq!(select.rownum, Some(1));
        assert_eq!(select.items[1], Item::Column("name".into(), "n".into()));
        for (text, most) in [
            ("select * from transaction where recordtype = 'salesorder' and rownum < 3", 2),
            ("SELECT TOP 4 id FROM item", 4),
            ("SELECT id FROM item WHERE id IN (1, 2) ORDER BY id ASC FETCH NEXT 5 ROWS ONLY", 5),
        ] {
            let select = parse(text).unwrap();
            assert_eq!(select.most.or(select.rownum), Some(most), "{text}");
        }
        assert_eq!(parse("SELECT 1 AS one FROM DUAL").unwrap().table, "DUAL");
        assert_eq!(parse("SELECT COUNT(*) FROM a").unwrap().items, [Item::Count("expr1".into())]);
    }

    #[test]
    fn times_are_read_and_written() {
        let text = "SELECT TO_CHAR(LoginAudit.date, 'YYYY-MM-DD HH24:MI:SS') AS at, detail FROM \
                    LoginAudit WHERE date > TO_TIMESTAMP('2026-11-23 12:00:00', 'YYYY-MM-DD \
                    HH24:MI:SS') AND status = 'Failure' AND user = -5 AND detail IS NOT NULL \
                    ORDER BY LoginAudit.date DESC, user FETCH FIRST 200 ROWS ONLY";
        let select = parse(text).unwrap();
        let time = Compared::Time("2026-11-23 12:00:00".into());
        assert_eq!(
            select.conditions,
            [
                Predicate::Compare("date".into(), Operator::More, time),
                Predicate::OneOf("status".into(), vec!["Failure".into()]),
                Predicate::OneOf("user".into(), vec!["-5".into()]),
                Predicate::Null("detail".into(), false),
            ]
        );
        assert_eq!(select.order, [("date".into(), true), ("user".into(), false)]);
        assert_eq!(select.most, Some(200));
        let written = |mask: &str| write("2026-11-03 07:08:09", mask);
        assert_eq!(written("YYYY-MM-DD HH24:MI:SS").as_deref(), Some("2026-11-03 07:08:09"));
        assert_eq!(written("dd.mm.yyyy").as_deref(), Some("03.11.2026"));
        assert_eq!(written("YYYY-MM-DD HH:MI:SS"), None);
    }

    #[test]
    fn what_it_cannot_do_it_refuses() {
        for text in [
            "",
            "DELETE FROM customer",
            "SELECT id FROM a, b",
            "SELECT id FROM a JOIN b ON a.id = b.id",
            "SELECT id FROM a WHERE id LIKE '1%'",
            "SELECT id FROM a; DROP TABLE a",
            "SELECT 'x FROM a",
            "SELECT id FROM a ORDER BY",
            "SELECT id FROM a WHERE date > TO_TIMESTAMP('2026-11-23')",
            "SELECT id FROM a WHERE date > TO_TIMESTAMP('2026-13-23', 'YYYY-MM-DD')",
            "SELECT id FROM a WHERE date > TO_TIMESTAMP('23.11.2026', 'DD.MM.YYYY')",
            "SELECT TO_CHAR(date) FROM a",
            "SELECT TO_CHAR(date, 'Day') FROM a",
            "SELECT id FROM a WHERE id - 1 = 2",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
