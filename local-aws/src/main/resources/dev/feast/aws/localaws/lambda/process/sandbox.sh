# Runs as the first process of its own mount and PID namespaces:
#   sh -c <this> sandbox <mount> <unshare> <root> <tmp> <working directory> <user or -> <command>...
# The image is read-only, /tmp is the environment's own, /proc shows its own processes. What cannot be mounted where
# this runs (in some containers) is left out; /tmp alone is not optional.
mount=$1 unshare=$2 root=$3 tmp=$4 directory=$5 user=$6
shift 6
$mount --bind "$root" "$root" && $mount -o remount,bind,ro "$root" 2>/dev/null
$mount --bind "$tmp" "$root/tmp" || exit 1
if $mount -t tmpfs -o mode=755 tmpfs "$root/dev" 2>/dev/null; then
  for device in null zero full random urandom; do
    : >"$root/dev/$device" && $mount --bind "/dev/$device" "$root/dev/$device"
  done
fi
$mount -t proc proc "$root/proc" 2>/dev/null
if [ "$user" = - ]; then
  "$unshare" "--root=$root" "--wd=$directory" -- "$@"
else
  "$unshare" "--root=$root" "--wd=$directory" "--setgid=${user#*:}" "--setuid=${user%:*}" -- "$@"
fi
exit $?
