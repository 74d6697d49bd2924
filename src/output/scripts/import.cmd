@echo off
rem @KIND@.cmd [DC] [FIRST [LAST]]: imports the @KIND@ files with ldifde, batch after batch, up to the first that fails.
rem   DC     the domain controller to write to (ldifde -s); without it any of the batch's own domain. In a run over
rem          several domains it is used for the batches of its own domain, by its full name
rem   FIRST  the number of the batch to begin with, LAST of the one to end with
rem Needs cmd and ldifde of Windows Server 2003 or later. Batches:
@TABLE@
setlocal EnableExtensions DisableDelayedExpansion
pushd "%~dp0"
set "dc="
set "first="
set "last="
set "tried="

:arguments
if "%~1"=="" goto check
set "flag=%~1"
if "%flag:~0,1%"=="-" (
    echo No DC and no number of a batch begins with -: nothing is imported.
    goto failed
)
set "word="
set "number="
for /f "delims=0123456789" %%a in ("%~1") do set "word=%%a"
for /f "tokens=* delims=0" %%a in ("%~1") do set "number=%%a"
if defined word (
    set "dc=%~1"
) else if not defined first (
    set "first=%number%"
) else (
    set "last=%number%"
)
shift /1
goto arguments

:check
if not defined first set "first=1"
if not defined last set "last=2147483647"
if not exist SHA256SUMS (
    echo SHA256SUMS is missing: nothing is imported.
    goto failed
)
set "hashes=1"
set "found="
certutil -hashfile SHA256SUMS SHA256 >nul 2>&1
if "%errorlevel%"=="0" for /f "skip=1 delims=" %%h in ('certutil -hashfile SHA256SUMS SHA256 2^>nul') do set "found=%%h"
if not defined found (
    echo Notice: certutil has no SHA256 here, so the change files are not checked.
    set "hashes="
)
set "changed="
@HASHES@
if defined changed (
    echo The files above are not those that userprep wrote: nothing is imported.
    goto failed
)
echo Digest of the run: @DIGEST@
@CALLS@
if not defined tried (
    echo No batch is from %first% to %last%: nothing is imported.
    goto failed
)
echo Done: batches %first% and up are imported. To see what the directory holds now, export the users and type
echo   userprep verify "%cd%" --against EXPORT
popd
exit /b 0

:failed
popd
exit /b 1

:hash
"%SystemRoot%\System32\find.exe" "%1  %2" SHA256SUMS >nul 2>&1
if errorlevel 1 (
    echo %2 is not named in SHA256SUMS as this script knows it
    set "changed=1"
)
if not defined hashes exit /b 0
set "found="
for /f "skip=1 delims=" %%h in ('certutil -hashfile %2 SHA256 2^>nul') do if not defined found set "found=%%h"
if defined found set "found=%found: =%"
if /i "%found%"=="%1" exit /b 0
echo %2
set "changed=1"
exit /b 0

:batch
if %1 LSS %first% exit /b 0
if %1 GTR %last% exit /b 0
set "tried=1"
set "server=%4"
if defined dc call :own %4
if defined server set "server=-s %server%"
set "log=@KIND@-log\%2"
set "try=1"

:log
if exist "%log%\" (
    set "log=@KIND@-log\%2.%try%"
    set /a try+=1
    goto log
)
mkdir "%log%"
if not exist "%log%\" exit /b 1
echo Batch %2: ldifde should report %3 entries
ldifde -i -f "%2-@KIND@.ldif" -j "%log%" %server%
if "%errorlevel%"=="0" exit /b 0
set /a next=%1+1
echo.
echo Stopped in batch %2. The error is in %log%\ldif.err.
echo The records before the one that failed are imported; that one and those behind it are not.
echo Export the users again, then type
echo   userprep @COMMAND@ "%cd%" --against EXPORT --log "%cd%\%log%\ldif.err" --out REST
echo which writes what is left to do.
if %1 LSS @BATCHES@ echo To go on with the next batch instead: @KIND@.cmd [DC] %next%
exit /b 1

:own
if @DOMAINS@ EQU 1 set "server=%dc%"
if "%~1"=="" set "server=%dc%"
for /f "tokens=1,* delims=." %%a in ("%dc%") do if /i "%%b"=="%~1" set "server=%dc%"
exit /b 0
