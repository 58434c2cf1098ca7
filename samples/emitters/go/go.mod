module emitters

go 1.19
