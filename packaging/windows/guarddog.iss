; Installer for one user, made by Inno Setup 6.3 or newer. Not run yet: see ../README.md.
;     iscc /DVersion=0.1.0 packaging\windows\guarddog.iss
; It takes the frozen folder build\package\guarddog and writes build\package\guarddog-<version>-setup.exe.

#define Name "Guard Dog"
#define AppModelId "io.github.guarddog.GuardDog"
#ifndef Version
  #error Give the version with /DVersion=
#endif

[Setup]
; the id must never change: updates find the installation by it
AppId={{6B0B6D46-52A5-4C0C-9B55-1E3B9A8D7F21}
AppName={#Name}
AppVersion={#Version}
AppPublisher=The Guard Dog authors
DefaultDirName={localappdata}\Programs\{#Name}
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir=..\..\build\package
OutputBaseFilename=guarddog-{#Version}-setup
SetupIconFile=..\..\build\guarddog.ico
UninstallDisplayIcon={app}\guarddog-gui.exe
LicenseFile=..\..\LICENSE
Compression=lzma2
SolidCompression=yes
; the running program is closed by its own option below, in order
CloseApplications=no
ChangesEnvironment=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "autostart"; Description: "Start with Windows"
Name: "path"; Description: "Add guarddogctl to the PATH"

[Files]
Source: "..\..\build\package\guarddog\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[InstallDelete]
; modules of the version before
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\guarddog-gui.exe"; Parameters: "--show"; AppUserModelID: "{#AppModelId}"

[Registry]
Root: HKCU; Subkey: "Software\Microsoft\Windows\CurrentVersion\Run"; ValueType: string; ValueName: "Guard Dog"; \
  ValueData: """{app}\guarddog-gui.exe"""; Tasks: autostart; Flags: uninsdeletevalue
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; \
  Tasks: path; Check: IsNotInPath(ExpandConstant('{app}'))
; written by the program at each start, see adapters/windows/app_identity.py
Root: HKCU; Subkey: "Software\Classes\AppUserModelId\{#AppModelId}"; ValueType: none; Flags: uninsdeletekey dontcreatekey

[Run]
Filename: "{app}\guarddog-gui.exe"; Parameters: "--show"; Description: "Start Guard Dog"; Flags: nowait postinstall skipifsilent

[UninstallRun]
Filename: "{app}\guarddog-gui.exe"; Parameters: "--quit"; Flags: runhidden; RunOnceId: "quit"

[Code]
function IsNotInPath(Folder: string): Boolean;
var
  Value: string;
begin
  if not RegQueryStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Value) then
    Value := '';
  Result := Pos(';' + Lowercase(Folder) + ';', ';' + Lowercase(Value) + ';') = 0;
end;

function PrepareToInstall(var NeedsRestart: Boolean): string;
var
  Code: Integer;
begin
  { the version before may be running: it ends within three seconds }
  if FileExists(ExpandConstant('{app}\guarddog-gui.exe')) then
    Exec(ExpandConstant('{app}\guarddog-gui.exe'), '--quit', '', SW_HIDE, ewWaitUntilTerminated, Code);
  Result := '';
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Value: string;
begin
  if (Step = usPostUninstall) and RegQueryStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Value) then
  begin
    StringChangeEx(Value, ';' + ExpandConstant('{app}'), '', True);
    RegWriteExpandStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Value);
  end;
end;
