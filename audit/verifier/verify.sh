set -eu; export LC_ALL=C; held=${1:-}; cd "$(dirname "$0")/registre"
if command -v sha256sum >/dev/null; then H() { sha256sum | cut -c1-64; }; else H() { shasum -a 256 | cut -c1-64; }; fi
bad() { echo "NON CONFORME : $1"; exit 1; }
{ read -r p head; read -r ledger; } < debut.txt; n=$p
[ "$p" != 0 ] || [ "$head" = "$(printf 'probant-ledger-v1\n%s\n' "$ledger" | H)" ] || bad debut
for f in ecritures-*.jsonl; do
  [ "$(tr -d '\000' < "$f" | wc -c)" -eq "$(wc -c < "$f")" ] && [ "$(tail -c1 "$f" | od -An -tx1 | tr -d ' ')" = 0a ] || bad "$f"
  while IFS= read -r l; do head=$(printf '%s\n%s\n' "$head" "$l" | H); n=$((n + 1)); done < "$f"
done
[ "$n" = "$(sed -n 2p points-de-controle/fin.txt)" ] && [ "$head" = "$(sed -n 's/^head //p' points-de-controle/fin.txt)" ] || bad fin
[ -z "$held" ] || [ "$head" = "$held" ] || bad "tete differente de $held"
echo "CHAINE INTACTE jusqu'a $head - signature NON verifiee : comparez a une tete recue ailleurs"
