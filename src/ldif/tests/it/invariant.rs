//! Invariants for any bytes at all, used by the random tests here and by the fuzz targets.

use ldif::{
    Block, BlockStart, Chunks, Cursor, Decoder, Description, Dn, Fault, Line, LineKind, Names, Positions,
    Profile, Reader, Record, Screen, Writer, blocks, check,
};

/// Reading never panics, never points outside the file, and does not depend on the size of the chunks.
pub(crate) fn reader(bytes: &[u8]) {
    let lines = bytes.len() as u64 + 1;
    let mut reader = Reader::from_reader(bytes);
    let mut count = 0;
    for item in reader.records() {
        match item {
            Ok(_) => count += 1,
            Err(error) => {
                let place = error.position().expect("memory does not fail");
                assert!((1..=lines).contains(&place.line) && (1..=lines).contains(&place.column), "{error}");
            }
        }
    }
    let mut in_chunks = 0;
    for chunk in Chunks::new(Decoder::new(bytes), 1) {
        let chunk = chunk.expect("memory does not fail");
        in_chunks += blocks(&chunk.text)
            .filter(|block| matches!(block, Block::Record(raw) if Record::read(raw, &mut |_| {}).is_some()))
            .count();
    }
    assert_eq!(count, in_chunks, "chunks of one record find other records");
}

/// The lazy walk and the owned record agree on every block, and every offset is inside the text.
pub(crate) fn lazy_is_owned(text: &[u8]) {
    cursor_is_records(text);
    for block in blocks(text) {
        let mut checked = Vec::new();
        check(&block, &mut |fault| checked.push(fault));
        for fault in &checked {
            inside(fault, text);
        }
        let Block::Record(raw) = block else { continue };
        let mut reported = Vec::new();
        let record = Record::read(&raw, &mut |fault| reported.push(fault));
        assert_eq!(reported, checked);
        let Some(record) = record else { continue };
        for line in raw.lines().filter(|line| line.kind() != LineKind::Dash) {
            assert!(
                line.at() <= line.value_at() && line.value_at() <= line.end() && line.end() <= text.len()
            );
            let Ok(value) = line.value() else { panic!("a record with a faulty value was read") };
            for i in [0, value.len() / 2, value.len()] {
                assert!((line.value_at()..=line.end()).contains(&line.locate(i)));
            }
        }
        let keyword = |name: &str| ["control", "changetype"].iter().any(|k| name.eq_ignore_ascii_case(k));
        for attribute in record.attributes().iter().filter(|attribute| !keyword(&attribute.name)) {
            let same =
                |line: &ldif::Line<'_>| line.description().eq_ignore_ascii_case(attribute.name.as_bytes());
            let lazy = raw.lines().skip(1).filter(same).filter_map(|line| line.value().ok());
            let mut seen: Vec<Vec<u8>> = Vec::new();
            for value in lazy {
                let value = match std::str::from_utf8(&value) {
                    Err(_) if !attribute.values.contains(&value.to_vec()) => {
                        ldif::text::windows_1252(&value).into_bytes()
                    }
                    _ => value.into_owned(),
                };
                if !seen.contains(&value) {
                    seen.push(value);
                }
            }
            assert_eq!(seen, attribute.values, "{}", attribute.name);
        }
    }
}

/// A cursor returns the same blocks and lines as [`blocks`], whether or not all lines are requested.
fn cursor_is_records(text: &[u8]) {
    let shown = |line: Line<'_>| format!("{:?} {:?}", line.kind(), (line.at(), line.name(), line.value()));
    for asked in [0, 1, usize::MAX] {
        let mut cursor = Cursor::new(text);
        for block in blocks(text) {
            match (cursor.next_block(), block) {
                (Some(BlockStart::Record(at)), Block::Record(raw)) => {
                    assert_eq!(at, raw.at());
                    let lines = std::iter::from_fn(|| cursor.next_line()).take(asked).map(shown);
                    assert!(lines.eq(raw.lines().take(asked).map(shown)));
                    assert!(cursor.record(at).lines().map(shown).eq(raw.lines().take(asked).map(shown)));
                }
                (Some(BlockStart::Other(other)), block) => {
                    assert_eq!(format!("{other:?}"), format!("{block:?}"))
                }
                (begun, block) => panic!("{begun:?} is not {block:?}"),
            }
        }
        assert!(cursor.next_block().is_none());
    }
    screen_is_check(text);
    // Lines whose type is known, and those without a colon.
    let known = |name: &[u8]| name.len().is_multiple_of(2).then_some(());
    let comes = |line: &Line<'_>| !line.has_colon() || known(&line.name()).is_some();
    let (mut cursor, mut names) = (Cursor::new(text), Names::default());
    for raw in blocks(text).filter_map(|block| if let Block::Record(raw) = block { Some(raw) } else { None })
    {
        while !matches!(cursor.next_block().expect("a record"), BlockStart::Record(_)) {}
        let found = std::iter::from_fn(|| cursor.next_selected(&mut names, known));
        let found = found.filter(|(line, found)| found.is_some() || comes(line)).map(|(line, _)| shown(line));
        assert!(found.eq(raw.lines().filter(comes).map(shown)));
    }
}

/// The grammar finds no fault in a record that a screen does not doubt.
fn screen_is_check(text: &[u8]) {
    let (mut cursor, mut screen) = (Cursor::new(text), Screen::new(text));
    while let Some(start) = cursor.next_block() {
        let BlockStart::Record(at) = start else { continue };
        screen.begin();
        while let Some(line) = cursor.next_line() {
            let description =
                if line.has_colon() { screen.describe(&line.description()) } else { Description::Odd };
            screen.see(&line, description);
        }
        if !screen.is_doubtful(&cursor, at) {
            let record = cursor.record(at);
            check(&Block::Record(record), &mut |fault| {
                panic!("{fault:?} in {}", record.bytes().escape_ascii());
            });
        }
    }
}

fn inside(fault: &Fault, text: &[u8]) {
    assert!(fault.at() + fault.len() <= text.len(), "{fault:?} outside {} bytes", text.len());
    let (from, to) =
        (Positions::new(text, 1).of(fault.at()), Positions::new(text, 1).of(fault.at() + fault.len()));
    assert_eq!(from.line, to.line, "{fault:?} covers more than a line");
}

/// A name that is read is written so that it reads back the same.
pub(crate) fn name(text: &str) {
    let Ok(dn) = Dn::parse(text) else {
        assert!(ldif::dn::normalize(text).is_err());
        return;
    };
    assert_eq!(ldif::dn::normalize(text).expect("it parses"), dn.normalized());
    let written = dn.to_string();
    let again = Dn::parse(&written).expect("what is written is a name");
    assert_eq!(again.normalized(), dn.normalized());
    assert_eq!(again.to_string(), written);
    assert!(dn.is_under(&Dn::default()) && dn.is_under(&dn));
    assert!(text.ends_with(ldif::dn::domain(text)));
}

/// What the writer accepts reads back the same, without a fault.
pub(crate) fn round_trip(bytes: &[u8]) {
    for profile in [Profile::ldap(), Profile::ldifde(), Profile::ldap().wrap(0), Profile::ldifde().wrap(7)] {
        let mut writer = Writer::new(Vec::new(), profile);
        let written: Vec<Record> = Reader::from_reader(bytes)
            .into_records()
            .filter_map(Result::ok)
            .filter(|record| writer.write(record).is_ok())
            .collect();
        let text = writer.into_inner().expect("memory does not fail");
        assert!(text.is_ascii());
        let mut reader = Reader::from_reader(&text[..]);
        let again: Result<Vec<Record>, _> = reader.records().collect();
        assert_eq!(again.expect("what is written is read"), written);
        assert!(reader.warnings().iter().all(harmless), "{:?}", reader.warnings());
    }
}

/// Whether a warning is about control characters, which a plain value may contain, except NUL, LF and CR.
fn harmless(warning: &ldif::Error) -> bool {
    warning.as_fault().is_some_and(|fault| fault.code() == "ldif-control-character")
}
