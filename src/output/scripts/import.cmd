@echo off
rem @KIND@.cmd [DC] [FIRST [LAST]]: imports the @KIND@ files with ldifde, batch after batch, up to the first that fails.
rem   DC     the domain controller to write to (ldifde -s); without it one of your own domain
rem   FIRST  the number of the batch to begin with, LAST of the one to end with
rem Needs cmd and ldifde of Windows Server 2003 or later. Batches:
@TABLE@
setlocal EnableExtensions DisableDelayedExpansion
pushd "%~dp0"
set "dc="
set "first="
set "last="

:arguments
if "%~1"=="" goto check
set "word="
set "number="
for /f "delims=0123456789" %%a in ("%~1") do set "word=%%a"
for /f "tokens=* delims=0" %%a in ("%~1") do set "number=%%a"
if defined word (
    set "dc=-s "%~1""
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
set "found="
certutil -hashfile SHA256SUMS SHA256 >nul 2>&1
if "%errorlevel%"=="0" for /f "skip=1 delims=" %%h in ('certutil -hashfile SHA256SUMS SHA256 2^>nul') do set "found=%%h"
if not defined found (
    echo Notice: certutil has no SHA256 here, so the change files are not checked.
    goto import
)
set "changed="
for /f "tokens=1,*" %%a in (SHA256SUMS) do if /i "%%~xb"==".ldif" call :hash %%a "%%b"
if defined changed (
    echo The files above are not those that userprep wrote: nothing is imported.
    goto failed
)

:import
@CALLS@
echo Done: batches %first% and up are imported. To see what the directory holds now, export the users and type
echo   userprep verify "%cd%" --against EXPORT
popd
exit /b 0

:failed
popd
exit /b 1

:hash
set "found="
for /f "skip=1 delims=" %%h in ('certutil -hashfile %2 SHA256 2^>nul') do if not defined found set "found=%%h"
if defined found set "found=%found: =%"
if /i "%found%"=="%~1" exit /b 0
echo %~2
set "changed=1"
exit /b 0

:batch
if %1 LSS %first% exit /b 0
if %1 GTR %last% exit /b 0
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
ldifde -i -f "%2-@KIND@.ldif" -j "%log%" %dc%
if "%errorlevel%"=="0" exit /b 0
set /a next=%1+1
echo.
echo Stopped in batch %2. What was wrong stands in %log%\ldif.err.
echo The records before the one that failed are imported; that one and those behind it are not.
echo Export the users again, then type
echo   userprep @COMMAND@ "%cd%" --against EXPORT --log "%cd%\%log%\ldif.err" --out REST
echo which writes what is left to do. To go on with the next batch instead: @KIND@.cmd [DC] %next%
exit /b 1
