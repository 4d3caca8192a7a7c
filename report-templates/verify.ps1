<#
.SYNOPSIS
Checks this evidence bundle without kisms. 이 증적 번들을 kisms 없이 검증합니다.
.DESCRIPTION
  powershell -ExecutionPolicy Bypass -File verify.ps1 -CA C:\path\ca.pem

-CA: the applicant's certificate authority (PEM or DER). Get it by another way than this bundle, and this
script too if you can: whoever changed the bundle could have changed the script.
-CA: 신청기관의 CA 인증서입니다. 번들과 다른 경로로 받으십시오. 번들을 바꾼 사람은 이 스크립트도 바꿀 수
있습니다.

Windows PowerShell 5.1 or PowerShell 7; uses .NET alone. Time-stamps and the PDF's own signature are not
looked at: `kisms verify`, verify.sh and PDF readers do that.
Exit: 0 all holds, 1 something does not, 2 it could not be checked.
#>
param([string]$CA)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$script:bad = 0
function Fault([string]$text) { Write-Output "BAD  $text"; $script:bad = 1 }
function Good([string]$text) { Write-Output "ok   $text" }
trap { Write-Output "verify.ps1: $_"; exit 2 }

$root = (Get-Item -LiteralPath $PSScriptRoot).FullName.TrimEnd('\', '/')
$manifest = 'manifest-sha256.txt'
$tagmanifest = 'tagmanifest-sha256.txt'
$p7s = 'tagmanifest-sha256.txt.p7s'
$utf8 = New-Object System.Text.UTF8Encoding($false, $true)
function FullPath([string]$path) { [System.IO.Path]::Combine($root, $path) }
function Sha256([string]$path) {
    $sha = [System.Security.Cryptography.SHA256]::Create()
    $file = [System.IO.File]::OpenRead((FullPath $path))
    try { ([System.BitConverter]::ToString($sha.ComputeHash($file)) -replace '-', '').ToLowerInvariant() }
    finally { $file.Dispose(); $sha.Dispose() }
}

# 1. Every listed file is there and is the one that was listed.
$listed = New-Object 'System.Collections.Generic.HashSet[string]' ([System.StringComparer]::Ordinal)
foreach ($name in @($tagmanifest, $manifest)) {
    if (-not [System.IO.File]::Exists((FullPath $name))) { Fault "$name is missing"; continue }
    $text = $utf8.GetString([System.IO.File]::ReadAllBytes((FullPath $name)))
    if (-not $text.EndsWith("`n")) { Fault "$name does not end with a line break" }
    foreach ($line in $text.TrimEnd("`n").Split("`n")) {
        if ($line -cnotmatch '^([0-9a-f]{64})  ([^\\:*?"<>|\x00-\x1f]+)$') { Fault "${name}: a malformed line: $line"; continue }
        $hash = $Matches[1]; $path = $Matches[2]
        $parts = $path.Split('/')
        if ($parts -contains '' -or $parts -contains '.' -or $parts -contains '..') { Fault "${name}: a malformed line: $line"; continue }
        if ($path.StartsWith('data/') -ne ($name -eq $manifest)) { Fault "$name lists $path" }
        if (-not $listed.Add($path)) { Fault "listed twice: $path" }
        if (-not [System.IO.File]::Exists((FullPath $path))) { Fault "missing: $path" }
        elseif ((Sha256 $path) -cne $hash) { Fault "changed: $path" }
    }
}

# 2. Nothing else is there.
[void]$listed.Add($tagmanifest); [void]$listed.Add($p7s)
[long]$bytes = 0; $files = 0
foreach ($item in Get-ChildItem -LiteralPath $root -Recurse -Force) {
    $path = $item.FullName.Substring($root.Length + 1).Replace('\', '/')
    if ($item.Attributes -band [System.IO.FileAttributes]::ReparsePoint) { Fault "a link: $path" }
    if ($item -is [System.IO.DirectoryInfo]) { continue }
    if (-not $listed.Contains($path)) { Fault "not listed: $path" }
    if ($path.StartsWith('data/')) { $bytes += $item.Length; $files += 1 }
}
if ($script:bad -eq 0) { Good "$($listed.Count) files, each one as listed" }

# 3. The bag says of itself what it is.
$declaration = "BagIt-Version: 1.0`nTag-File-Character-Encoding: UTF-8`n"
if ($utf8.GetString([System.IO.File]::ReadAllBytes((FullPath 'bagit.txt'))) -cne $declaration) { Fault 'bagit.txt is not that of BagIt 1.0' }
$info = $utf8.GetString([System.IO.File]::ReadAllBytes((FullPath 'bag-info.txt'))).Split("`n")
$expected = @("External-Identifier: $(Split-Path -Leaf $root)", 'Kisms-Format: 1', "Payload-Oxum: $bytes.$files")
foreach ($line in $expected) { if ($info -cnotcontains $line) { Fault "bag-info.txt does not say `"$line`"" } }

# 4. The signature over the tagmanifest, and through it over everything.
Add-Type -AssemblyName System.Security -ErrorAction SilentlyContinue
Add-Type -AssemblyName System.Security.Cryptography.Pkcs -ErrorAction SilentlyContinue
if (-not [System.IO.File]::Exists((FullPath $p7s))) {
    Fault "not signed: there is no $p7s"
} else {
    $content = New-Object System.Security.Cryptography.Pkcs.ContentInfo (, [System.IO.File]::ReadAllBytes((FullPath $tagmanifest)))
    $signed = New-Object System.Security.Cryptography.Pkcs.SignedCms ($content, $true)
    $holds = $false
    try {
        $signed.Decode([System.IO.File]::ReadAllBytes((FullPath $p7s)))
        $signed.CheckSignature($true)
        $holds = $signed.SignerInfos.Count -eq 1
    } catch { Fault "the signature does not hold: $($_.Exception.Message)" }
    if ($holds -and -not $CA) {
        Fault 'the signature holds, but whose it is was not checked: give -CA'
    } elseif ($holds) {
        $signer = $signed.SignerInfos[0]
        $anchor = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2 ((Resolve-Path -LiteralPath $CA).ProviderPath)
        $chain = New-Object System.Security.Cryptography.X509Certificates.X509Chain
        $chain.ChainPolicy.RevocationMode = 'NoCheck'
        $chain.ChainPolicy.VerificationFlags = 'AllowUnknownCertificateAuthority'
        $time = $signer.SignedAttributes | ForEach-Object { $_.Values } |
            Where-Object { $_ -is [System.Security.Cryptography.Pkcs.Pkcs9SigningTime] } | Select-Object -First 1
        if ($time) { $chain.ChainPolicy.VerificationTime = $time.SigningTime.ToLocalTime() }
        [void]$chain.ChainPolicy.ExtraStore.Add($anchor)
        $chain.ChainPolicy.ExtraStore.AddRange($signed.Certificates)
        $built = $chain.Build($signer.Certificate)
        # The chain must end at the very certificate that was given.
        $reached = @($chain.ChainElements | Where-Object { $_.Certificate.Thumbprint -eq $anchor.Thumbprint -and
            [System.Linq.Enumerable]::SequenceEqual([byte[]]$_.Certificate.RawData, [byte[]]$anchor.RawData) })
        if ($built -and $reached.Count -eq 1) {
            $sha = [System.Security.Cryptography.SHA256]::Create()
            $print = [System.BitConverter]::ToString($sha.ComputeHash($signer.Certificate.RawData)) -replace '-', ':'
            Good "signed by $($signer.Certificate.Subject)"
            Good "SHA-256 fingerprint $print"
            if ($time) { Good "at $($time.SigningTime.ToUniversalTime().ToString('u')), as the signer claims" }
        } else { Fault 'the signer is not trusted: no chain leads to the certificate that was given' }
    }
}

if ($script:bad -eq 0) { Write-Output 'OK: unchanged since the applicant signed. 서명 이후 변경되지 않았습니다.' }
else { Write-Output 'NOT OK: see above. 위의 문제를 확인하십시오.' }
exit $script:bad
