# To be sourced: a folder $work, removed at the end, and in it a Windows, which $wine calls; its temporary files are in
# $work/temp. Without Wine and $gcc, a compiler for Windows programs, the calling script ends here, as skipped.
wine=/usr/lib/wine/wine64 gcc=x86_64-w64-mingw32-gcc
if [ ! -x $wine ] || ! command -v $gcc > /dev/null; then
  echo "skipped: wine64 and gcc-mingw-w64-x86-64 are not installed"
  echo "0 passed, 0 failed, 1 skipped"
  exit 0
fi
work=$(mktemp -d) && trap '/usr/lib/wine/wineserver64 -k -w; rm -rf "$work"' EXIT
export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=" LC_ALL=C.UTF-8
unset DISPLAY
mkdir "$WINEPREFIX" "$work/temp"
timeout 120 $wine wineboot -i > /dev/null 2>&1
for name in TEMP TMP; do
  $wine reg add 'HKCU\Environment' /f /v $name /d "Z:${work//\//\\}\\temp" > /dev/null 2>&1
done
timeout 60 /usr/lib/wine/wineserver64 -w
# Wine 8 lacks a library of Windows that every Rust program asks for random numbers; Windows itself has it.
$gcc -O1 -shared -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" \
  "$(dirname "${BASH_SOURCE[0]}")/bcryptprimitives.c" -ladvapi32 || exit 1
