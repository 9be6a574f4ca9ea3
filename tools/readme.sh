# Read by the other scripts: what README shows is run.

# readme LANGUAGE [WORD]: the first block of README in the language, with the word in it.
readme() {
  awk -v open="\`\`\`$1" -v word="${2:-}" '
    $0 == open { inside = 1; block = ""; next }
    $0 == "```" { if (inside && index(block, word)) { printf "%s", block; found = 1; exit } inside = 0 }
    inside { block = block $0 "\n" }
    END { exit !found }' README.md
}
