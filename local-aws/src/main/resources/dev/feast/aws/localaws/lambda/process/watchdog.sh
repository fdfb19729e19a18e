# Runs beside local-aws, in a session of its own, and is told on a pipe which functions there are: "+ <pid>" for one that
# leads a process group, "- <pid>" when it has ended; then what it left behind ends as well. When local-aws is gone,
# however it went, the pipe ends, and with it all functions that are left.
groups=" "
while read -r change pid; do
  case $change in
    +) groups="$groups$pid " ;;
    -)
      kill -s KILL -- "-$pid" 2>/dev/null
      groups="${groups%% "$pid" *} ${groups#* "$pid" }"
      ;;
  esac
done
for pid in $groups; do
  # Not a leader where there is no setsid.
  kill -s KILL -- "-$pid" 2>/dev/null || kill -s KILL "$pid" 2>/dev/null
done
