//! Prints every fault of LDIF files as `file:line:column: severity[code]: what`; `cargo run --example faults -- FILE…`.

use std::error::Error;
use std::fs::File;
use std::io::{self, Write};

use ldif::{Block, Chunks, Decoder, Positions, blocks, check};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    for path in std::env::args().skip(1) {
        let mut count = 0;
        for chunk in Chunks::new(Decoder::new(File::open(&path)?), 1 << 20) {
            let chunk = chunk?;
            let mut positions = Positions::new(&chunk.text, chunk.line);
            for block in blocks(&chunk.text) {
                count += usize::from(matches!(block, Block::Record(_)));
                let mut faults = Vec::new();
                check(&block, &mut |fault| faults.push(fault));
                for fault in faults {
                    let place = positions.of(fault.at());
                    writeln!(out, "{path}:{place}: {}[{}]: {fault}", fault.severity(), fault.code())?;
                }
            }
        }
        writeln!(out, "{path}: {count} records")?;
    }
    Ok(())
}
