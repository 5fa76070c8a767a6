// What a picture or a table has no reason to contain. Advice: nothing is let in because nothing
// of this was found, and no picture is served with its own bytes.

rule php { strings: $a = "<?php" nocase  $b = "<?=`"  condition: any of them }

rule server_page {
    strings:
        $a = "<%@ page" nocase  $b = "<%@page" nocase  $c = "<jsp:" nocase
        $d = "Runtime.getRuntime().exec"  $e = "<%eval request" nocase
    condition: any of them
}

rule shell_call {
    strings:
        $a = /(eval|assert)\s*\(\s*(base64_decode|gzinflate|str_rot13)\s*\(/ nocase
        $b = /(system|passthru|shell_exec|popen|proc_open)\s*\(\s*\$_(GET|POST|REQUEST|COOKIE)/
        $c = "preg_replace(\"/.*/e\""
    condition: any of them
}

rule script {
    strings: $a = "<script" nocase  $b = "javascript:" nocase  $c = "<svg" nocase  $d = "<iframe" nocase
    condition: any of them
}

rule gif_script {
    strings: $a = "GIF87a/*"  $b = "GIF89a/*"  $c = "GIF89a="  $d = "GIF87a="  $e = "*/="
    condition: ($a at 0) or ($b at 0) or ($c at 0) or ($d at 0) or (uint32(0) == 0x38464947 and $e)
}

rule archive_in_picture {  // GIFAR and its like
    strings: $file = { 50 4B 03 04 }  $end = { 50 4B 05 06 }
    condition: uint16(0) != 0x4B50 and $file and $end
}

rule program {
    strings: $elf = { 7F 45 4C 46 02 01 01 }  $dos = "This program cannot be run in DOS mode"
    condition: any of them
}

rule shell_script { strings: $a = "#!/bin/" $b = "#!/usr/bin/"  condition: any of them }

rule drill { strings: $a = /DRILL-[A-Z0-9]{4,40}/  condition: $a }
