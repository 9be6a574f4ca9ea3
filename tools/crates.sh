#!/usr/bin/env bash
# The Rust crates as strangers meet them: each store alone, documentation without warnings, packed, and the packed crates in an
# empty project that does what README says.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/readme.sh
for store in memory sqlite; do cargo check -q --release -p crm-store --no-default-features --features $store; done
RUSTDOCFLAGS='-D warnings' cargo doc -q --release --workspace --no-deps

cargo package -q --workspace --no-verify --allow-dirty 2>&1 | grep -v 'manifest has no\|^  |$\|= note: see\|^$' || true
built=$(realpath "${CARGO_TARGET_DIR:-target}")
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
mkdir "$build/crm" "$build/.cargo"
echo '[patch.crates-io]' >"$build/.cargo/config.toml"
for crate in kernel derive domain store; do
  tar -xzf "$built"/package/crm-$crate-[0-9]*.crate -C "$build/crm"
  mv "$build"/crm/crm-$crate-[0-9]* "$build/crm/crm-$crate"
  echo "crm-$crate = { path = 'crm/crm-$crate' }" >>"$build/.cargo/config.toml"
done
readme rust >"$build/main.rs"
lines=$(readme sh crm-store)
export CARGO_TARGET_DIR=$built/packed
cd "$build"
cargo new -q start
cd start
mv ../main.rs src/main.rs
bash -euo pipefail -c "$lines" | tee "$build/told"
grep -q '^Ada works as [0-9]* in [0-9]*$' "$build/told"
