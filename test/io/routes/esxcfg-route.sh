#!/bin/sh
# Stand-in for ESXi's esxcfg-route, which keeps its table in the file $0.table (as -l prints it).
# Refuses what the real one is assumed to refuse: an entry that exists, one that does not.
# A file $0.unreachable names a gateway that cannot be added. Calls are appended to $0.calls.
table="$0.table"
echo "$*" >> "$0.calls"
case "$1" in
  -l)
    cat "$table"
    ;;
  -a | -d)
    network="${2%/32}"
    row="$network 255.255.255.255 $3 vmk1"
    if grep -qx "$row" "$table"; then present=1; else present=0; fi
    if [ "$1" = -a ]; then
      if [ -f "$0.unreachable" ] && [ "$(cat "$0.unreachable")" = "$3" ]; then
        echo "Error: Network unreachable $3" >&2
        exit 1
      fi
      [ "$present" = 0 ] || { echo "Error: already exists" >&2; exit 1; }
      echo "$row" >> "$table"
    else
      [ "$present" = 1 ] || { echo "Error: not found" >&2; exit 1; }
      grep -vx "$row" "$table" > "$table.new"
      mv "$table.new" "$table"
    fi
    ;;
  *)
    exit 2
    ;;
esac
