<?php // php php.php /…/dogs/wx0123456789abcdef/ACCESS_TOKEN.dog
$file = $argv[1];
$dog = json_decode((string) @file_get_contents($file), true); // null where it is absent
[$value, $made, $life] = [$dog['data'] ?? '', $dog['gen_time'] ?? '', $dog['expires_in'] ?? ''];
if (!is_string($value) || $value === '' || !is_numeric($made) || !is_numeric($life) || $made / 1000 + $life <= microtime(true)) {
    fwrite(STDERR, "No valid value in $file: is Guard Dog running?\n");
    exit(1);
}
echo $value, "\n";
