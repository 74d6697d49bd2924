//! The parser of the string form of a name (RFC 4514 section 3).

use crate::fault::excerpt;

use super::{Ava, DnFault, DnFaultKind, Rdn};

/// Parses the RDNs of a DN, the entry's own first; none for the root.
pub(super) fn rdns(dn: &str) -> Result<Vec<Rdn>, DnFault> {
    let mut parser = Parser { text: dn.as_bytes(), dn, at: 0 };
    parser.skip_spaces();
    let mut rdns = Vec::new();
    if parser.peek().is_none() {
        return Ok(rdns);
    }
    let mut rdn = Vec::new();
    loop {
        rdn.push(parser.ava()?);
        match parser.peek() {
            None => {
                rdns.push(rdn);
                return Ok(rdns);
            }
            Some(b'+') => {}
            Some(_comma) => rdns.push(std::mem::take(&mut rdn)),
        }
        parser.at += 1;
    }
}

struct Parser<'a> {
    dn: &'a str,
    text: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Parses an AVA, up to the `,` or `+` that ends it or the end of the DN.
    fn ava(&mut self) -> Result<Ava, DnFault> {
        self.skip_spaces();
        let start = self.at;
        while !matches!(self.peek(), None | Some(b'=' | b',' | b'+')) {
            self.at += 1;
        }
        let kind = self.dn[start..self.at].trim_end_matches(' ');
        match self.peek() {
            Some(b'=') => {}
            _ if kind.is_empty() => return Err(DnFault::new(DnFaultKind::EmptyRdn, start)),
            _ => return Err(DnFault::new(DnFaultKind::NoEquals, start)),
        }
        let oid = kind.get(..4).filter(|start| start.eq_ignore_ascii_case("oid.")).map(|_| &kind[4..]);
        if !oid.is_some_and(|oid| oid.starts_with(|c: char| c.is_ascii_digit()) && is_type(oid.as_bytes()))
            && !is_type(kind.as_bytes())
        {
            return Err(DnFault::new(DnFaultKind::Type(excerpt(kind.as_bytes())), start));
        }
        self.at += 1;
        self.skip_spaces();
        let value = match self.peek() {
            Some(b'#') => self.hex_value()?,
            Some(b'"') => self.quoted()?,
            _ => self.value()?,
        };
        Ok(Ava { kind: kind.to_owned(), value })
    }

    /// Parses a value that is neither quoted nor hexadecimal.
    fn value(&mut self) -> Result<Vec<u8>, DnFault> {
        let mut value = Vec::new();
        // The length without unescaped spaces at the end.
        let mut kept = 0;
        while let Some(byte) = self.peek() {
            match byte {
                b',' | b'+' => break,
                b'\\' => {
                    value.push(self.escaped()?);
                    kept = value.len();
                    continue;
                }
                b'"' | b';' | b'<' | b'>' | 0 => {
                    return Err(DnFault::new(DnFaultKind::Unescaped(char::from(byte)), self.at));
                }
                _ => value.push(byte),
            }
            self.at += 1;
            if byte != b' ' {
                kept = value.len();
            }
        }
        value.truncate(kept);
        Ok(value)
    }

    /// Parses a value between quotes, as in LDAPv2: only `"` and `\` are escaped there.
    fn quoted(&mut self) -> Result<Vec<u8>, DnFault> {
        let start = self.at;
        self.at += 1;
        let mut value = Vec::new();
        loop {
            match self.peek() {
                None | Some(0) => return Err(DnFault::new(DnFaultKind::Quote, start)),
                Some(b'"') => break,
                Some(b'\\') => {
                    value.push(self.escaped()?);
                    continue;
                }
                Some(byte) => value.push(byte),
            }
            self.at += 1;
        }
        self.at += 1;
        self.skip_spaces();
        match self.peek() {
            None | Some(b',' | b'+') => Ok(value),
            Some(byte) => Err(DnFault::new(DnFaultKind::Unescaped(char::from(byte)), self.at)),
        }
    }

    /// Parses an escaped byte from its backslash.
    fn escaped(&mut self) -> Result<u8, DnFault> {
        let fault = DnFault::new(DnFaultKind::Escape, self.at);
        let Some(&first) = self.text.get(self.at + 1) else { return Err(fault) };
        if matches!(first, b' ' | b'"' | b'#' | b'+' | b',' | b';' | b'<' | b'=' | b'>' | b'\\') {
            self.at += 2;
            return Ok(first);
        }
        if first == b'/' {
            return Err(DnFault::new(DnFaultKind::AdsiEscape, self.at));
        }
        let second = self.text.get(self.at + 2).copied().and_then(hex_digit);
        let (Some(high), Some(low)) = (hex_digit(first), second) else { return Err(fault) };
        self.at += 3;
        Ok(high << 4 | low)
    }

    /// Parses a value in hexadecimal BER. Strings and octets in it are extracted; any other value stays as text.
    fn hex_value(&mut self) -> Result<Vec<u8>, DnFault> {
        let start = self.at;
        self.at += 1;
        let mut ber = Vec::new();
        while let Some(high) = self.peek().and_then(hex_digit) {
            let Some(low) = self.text.get(self.at + 1).copied().and_then(hex_digit) else { break };
            ber.push(high << 4 | low);
            self.at += 2;
        }
        let end = self.at;
        self.skip_spaces();
        if ber.is_empty() || !matches!(self.peek(), None | Some(b',' | b'+')) {
            return Err(DnFault::new(DnFaultKind::Hex, end));
        }
        Ok(match *ber {
            // OCTET STRING, UTF8String, PrintableString, IA5String; a length below 128 is one byte.
            [0x04 | 0x0C | 0x13 | 0x16, len @ 0..0x80, ref content @ ..]
                if content.len() == usize::from(len) =>
            {
                content.to_vec()
            }
            _ => self.text[start..end].to_ascii_lowercase(),
        })
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

/// Whether this is a name (letter, then letters, digits, hyphens) or an OID (RFC 4512 section 1.4).
pub(crate) fn is_type(name: &[u8]) -> bool {
    match name {
        [first, rest @ ..] if first.is_ascii_alphabetic() => {
            rest.iter().all(|&b| b.is_ascii_alphanumeric() || b == b'-')
        }
        [first, ..] if first.is_ascii_digit() => {
            let mut arcs = name.split(|&b| b == b'.');
            name.contains(&b'.') && arcs.all(|arc| !arc.is_empty() && arc.iter().all(u8::is_ascii_digit))
        }
        _ => false,
    }
}
